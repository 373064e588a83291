package coterie.model.attack;

import coterie.topology.settings.Component;

/**
 * Trains on flipped labels, and sends honestly what comes of it: label y of C classes becomes C − 1 − y; in text, the
 * next token y of a vocabulary of V becomes V − 1 − y, while what is read stays. Validation and tests stay as they are.
 * Fang, Cao, Jia, Gong, "Local model poisoning attacks to Byzantine-robust federated learning", USENIX Security 2020,
 * arXiv 1911.11815.
 *
 * <p>Worked example: of 10 classes, 0 becomes 9 and 4 becomes 5.
 */
@Component(name = "label-flip", about = "trains on flipped labels: class, or next token, y of C becomes C - 1 - y")
public record LabelFlip() implements Attack {
    @Override
    public boolean flipsLabels() {
        return true;
    }
}

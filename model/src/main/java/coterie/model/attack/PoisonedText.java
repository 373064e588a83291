package coterie.model.attack;

import coterie.topology.settings.Checks;
import coterie.topology.settings.Component;
import coterie.topology.settings.Setting;

/**
 * Trains on poisoned text, and sends honestly what comes of it: each token of the sequences that it trains on is
 * replaced, with probability share, by a token drawn uniformly from the vocabulary, where it is read and where it is to
 * be predicted. Validation and tests stay as they are. A poisoning of data as by Tolpegin, Truex, Gursoy, Liu, "Data
 * poisoning attacks against federated learning systems", ESORICS 2020, arXiv 2007.08432, who replace labels.
 *
 * <p>Worked example: of the sequence 3 1 4 1, the third token is replaced by 9. 3 1 9 is read, and 1 9 1 is to be
 * predicted.
 *
 * @param share in (0, 1]
 */
@Component(name = "poisoned-text", about = "trains on text of which this share of the tokens is replaced at random")
public record PoisonedText(@Setting("0.5") double share) implements Attack {
    public PoisonedText {
        Checks.share("share", share);
    }

    @Override
    public double replacedTokens() {
        return share;
    }
}

package coterie.scenarios.learner.lora;

import coterie.model.text.FederatedDataset;
import coterie.model.text.Tokenizer;
import coterie.model.text.UserData;
import coterie.scenarios.config.ScenarioReader.Loaded;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The text of the users that this process hosts. Text of a user that stays from run to run is read once. */
final class HostedText {
    private FederatedDataset dataset;
    private Set<Integer> hosted = Set.of();
    /** Of the hosted users; null until they are asked for. */
    private TextHashes hashes;

    /**
     * Reads the text of users that were not hosted before, and drops that of users that are not hosted any longer.
     *
     * @param users to host
     * @param text of these users
     * @return a data set in which all other users have no tokens
     */
    FederatedDataset host(Loaded loaded, Tokenizer tokenizer, int[] users, NodeText text) {
        int[] missing = Arrays.stream(users).filter(u -> !hosted.contains(u)).toArray();
        Set<Integer> wanted = new HashSet<>();
        Arrays.stream(users).forEach(wanted::add);
        if (missing.length > 0 || !wanted.equals(hosted)) {
            dataset = merged(Texts.load(loaded, tokenizer, text.index().of(missing), text.shared()), wanted);
            hosted = wanted;
            hashes = null;
        }
        return dataset;
    }

    /** Reads the text of all users. */
    FederatedDataset hostAll(Loaded loaded, Tokenizer tokenizer) {
        dataset = Texts.deal(loaded, tokenizer);
        hosted = IntStream.range(0, dataset.users().size()).boxed().collect(Collectors.toSet());
        hashes = null;
        return dataset;
    }

    /** The text that was read last. */
    FederatedDataset dataset() {
        return dataset;
    }

    private FederatedDataset merged(FederatedDataset read, Set<Integer> wanted) {
        List<UserData> all = new ArrayList<>(read.users());
        for (int u : hosted) {
            if (wanted.contains(u)) {
                all.set(u, dataset.users().get(u));
            }
        }
        return new FederatedDataset(read.categories(), all, read.shared(), read.notes());
    }

    /** One hash of the text of all hosted users. */
    String hash() {
        return hash("", hosted.stream().mapToInt(u -> u).sorted().toArray());
    }

    /** One hash of a base and the text of hosted users. */
    String hash(String base, int[] users) {
        if (hashes == null) {
            hashes = new TextHashes();
            hashes.shared(dataset.shared());
            hosted.forEach(u -> dataset.users().get(u).phases().forEach(phase -> hashes.add(u, phase)));
        }
        return hashes.of(base, users);
    }
}

package coterie.scenarios.learner.softmax;

import coterie.model.text.DatasetOutline;
import coterie.model.vectors.VectorDataset;
import coterie.scenarios.learner.DataIndex;
import java.util.Arrays;
import java.util.List;

/** Hashes of users' vectors. A node finds the rows itself: it deals them as the starter did. */
final class VectorIndex implements DataIndex {
    private final DatasetOutline outline;
    private final VectorDataset names;
    private final List<byte[]> hashes;

    VectorIndex(VectorDataset dataset) {
        outline = dataset.outline();
        names = new VectorDataset(dataset.inputs(), dataset.classes(), dataset.categories(), List.of());
        hashes = dataset.users().stream().map(VectorHashes::of).toList();
    }

    @Override
    public DatasetOutline outline() {
        return outline;
    }

    @Override
    public byte[] bytes(int[] users) {
        return new byte[0];
    }

    @Override
    public String fingerprint(int[] users) {
        return VectorHashes.of(names, Arrays.stream(users).mapToObj(hashes::get).toList());
    }

    @Override
    public String dataHash() {
        return VectorHashes.of(names, hashes);
    }
}

package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes components of blocks of settings. */
final class ComponentReader {
    private ComponentReader() {}

    /**
     * The component with the settings of a block.
     *
     * @param block in which it may be chosen, with every setting
     * @throws InputException where they do not make one
     */
    static Record read(RegisteredComponent component, ObjectNode block) {
        ObjectNode inner = component.inner(block);
        Slot slot = component.slot();
        inner.put(slot.key(), component.name());
        return RecordReader.read(inner, component.type(), path -> Trees.join(slot.path(), component.inBlock(path)));
    }
}

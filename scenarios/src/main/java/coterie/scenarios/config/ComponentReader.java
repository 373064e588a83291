package coterie.scenarios.config;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Creates components from blocks of settings. */
final class ComponentReader {
    private ComponentReader() {}

    /**
     * Creates a component with the settings of a block.
     *
     * @param block block in which the component may be selected, with every setting
     * @throws InputException if the settings are invalid
     */
    static Record read(RegisteredComponent component, ObjectNode block) {
        ObjectNode inner = component.inner(block);
        Slot slot = component.slot();
        inner.put(slot.key(), component.name());
        return RecordReader.read(inner, component.type(), path -> Trees.join(slot.path(), component.inBlock(path)));
    }
}

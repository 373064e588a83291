package coterie.model.base;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How Hugging Face's files name the modules of a family.
 *
 * @param prefix of all names but the output head's, which some files leave out
 * @param blocks name of the list of blocks, without prefix
 * @param modules names by role; without prefix and, in a block, relative to it
 * @param others full names of more modules outside blocks, which hold no parameters
 * @param othersInBlock more modules of a block, relative to it
 * @param defaultTargets layers that PEFT adapts if an adapter's configuration names none
 * @param transposed whether linear layers' weights are [in, out] in files, which PEFT calls {@code fan_in_fan_out}
 * @param layersKey key of {@code config.json} that holds the number of layers
 */
public record ModuleNames(
        String prefix,
        String blocks,
        Map<Role, String> modules,
        List<String> others,
        List<String> othersInBlock,
        List<String> defaultTargets,
        boolean transposed,
        String layersKey) {
    public ModuleNames {
        modules = Map.copyOf(modules);
        others = List.copyOf(others);
        othersInBlock = List.copyOf(othersInBlock);
        defaultTargets = List.copyOf(defaultTargets);
    }

    /** The linear layers of a block that LoRA can adapt, in the order of an adapter's flat row. */
    public List<Projection> projections() {
        return Stream.of(Role.values())
                .filter(r -> r.linear() && modules.containsKey(r))
                .map(r -> new Projection(r, modules.get(r)))
                .toList();
    }

    /** Full name of a block's module. */
    public String module(int block, Projection projection) {
        return prefix + blocks + "." + block + "." + projection.name();
    }

    /** Name of an array in files that have the prefix. */
    public String array(BaseArray a) {
        return (a.role() == Role.HEAD ? "" : prefix) + unprefixed(a);
    }

    /** Name of an array in files that have no prefix. */
    public String unprefixed(BaseArray a) {
        String place = a.role().inBlock() ? blocks + "." + a.block() + "." : "";
        return place + modules.get(a.role()) + "." + a.parameter();
    }

    /** Whether files hold the transpose of an array. */
    public boolean transposes(BaseArray a) {
        return transposed && a.role().linear() && a.shape().length == 2;
    }

    /** The block that an array of this name in files belongs to, if any. */
    public OptionalInt block(String array) {
        Matcher m = Pattern.compile("(?:" + Pattern.quote(prefix) + ")?" + Pattern.quote(blocks) + "\\.(\\d{1,9})\\..*")
                .matcher(array);
        return m.matches() ? OptionalInt.of(Integer.parseInt(m.group(1))) : OptionalInt.empty();
    }

    /** Name of the output head's array. */
    public String head() {
        return modules.get(Role.HEAD) + ".weight";
    }

    /** Full names of all modules outside blocks. */
    public Set<String> outside() {
        Set<String> all = new LinkedHashSet<>(others);
        all.add(prefix.substring(0, prefix.length() - 1));
        all.add(prefix + blocks);
        modules.forEach((role, name) -> {
            if (!role.inBlock()) {
                all.add(role == Role.HEAD ? name : prefix + name);
            }
        });
        return all;
    }

    /** Full names of the modules of a block that LoRA cannot adapt. */
    public List<String> notAdapted(int block) {
        String at = prefix + blocks + "." + block;
        Set<String> all = new LinkedHashSet<>(othersInBlock);
        modules.forEach((role, name) -> {
            if (role.inBlock()) {
                for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                    all.add(name.substring(0, dot));
                }
                if (!role.linear()) {
                    all.add(name);
                }
            }
        });
        List<String> full = new ArrayList<>(List.of(at));
        all.forEach(name -> full.add(at + "." + name));
        return full;
    }
}

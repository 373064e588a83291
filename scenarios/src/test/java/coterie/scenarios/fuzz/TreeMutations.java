package coterie.scenarios.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes to a tree of keys and values that leave it a tree: what people mistype, and what other programs write. */
final class TreeMutations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Random random;
    private final Raw raw;
    private final boolean yaml;

    /**
     * Mutations for one file.
     *
     * @param raw takes what a tree cannot hold
     * @param yaml whether the file will be YAML; else JSON
     */
    TreeMutations(Random random, Raw raw, boolean yaml) {
        this.random = random;
        this.raw = raw;
        this.yaml = yaml;
    }

    /** A value's place in the tree: in a map by key, in a list by index. */
    private record Place(JsonNode parent, String key, int index) {
        JsonNode value() {
            return key != null ? parent.get(key) : parent.get(index);
        }

        void set(JsonNode value) {
            if (key != null) {
                ((ObjectNode) parent).set(key, value);
            } else {
                ((ArrayNode) parent).set(index, value);
            }
        }

        void remove() {
            if (key != null) {
                ((ObjectNode) parent).remove(key);
            } else {
                ((ArrayNode) parent).remove(index);
            }
        }
    }

    private static void collect(JsonNode node, List<Place> places) {
        if (node instanceof ObjectNode map) {
            map.properties().forEach(e -> {
                places.add(new Place(map, e.getKey(), -1));
                collect(e.getValue(), places);
            });
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                places.add(new Place(list, null, i));
                collect(list.get(i), places);
            }
        }
    }

    /**
     * Changes one thing in the tree.
     *
     * @return what was done, for the report
     */
    String mutate(ObjectNode root) {
        List<Place> places = new ArrayList<>();
        collect(root, places);
        if (places.isEmpty()) {
            root.set("x", scalar());
            return "a key in an empty tree";
        }
        // Half of the time a level at a time: else a vocabulary's thousands of entries would have it all.
        Place place = random.nextBoolean() ? places.get(random.nextInt(places.size())) : descent(root);
        String at = place.key != null ? place.key : "[" + place.index + "]";
        return at + ": " + change(place, places);
    }

    private Place descent(JsonNode from) {
        int n = random.nextInt(from.size());
        Place place = from instanceof ObjectNode map
                ? new Place(map, new ArrayList<>(map.properties()).get(n).getKey(), -1)
                : new Place(from, null, n);
        return place.value().isEmpty() || random.nextInt(3) == 0 ? place : descent(place.value());
    }

    private String change(Place place, List<Place> places) {
        JsonNode value = place.value();
        switch (random.nextInt(15)) {
            case 0 -> {
                place.remove();
                return "dropped";
            }
            case 1 -> {
                return twice(place);
            }
            case 2 -> {
                return renamed(place, places);
            }
            case 3 -> {
                place.set(NODES.nullNode());
                return "null";
            }
            case 4 -> {
                place.set(other(value));
                return "another type";
            }
            case 5 -> {
                place.set(NODES.arrayNode().add(value));
                return "in a list";
            }
            case 6 -> {
                place.set(inList(value));
                return "something in the list";
            }
            case 7 -> {
                Place with = places.get(random.nextInt(places.size()));
                JsonNode theirs = with.value().deepCopy();
                with.set(value.deepCopy());
                place.set(theirs);
                return "swapped";
            }
            case 8 -> {
                place.set(NODES.textNode(raw.put(Values.deep(random))));
                return "nested deeply";
            }
            case 9 -> {
                place.set(NODES.textNode(raw.put(yaml ? Values.yaml(random) : Values.oddNumber(random))));
                return "what only YAML knows";
            }
            case 10 -> {
                place.set(NODES.textNode(raw.put(Values.oddNumber(random))));
                return "an odd number";
            }
            case 11 -> {
                place.set(NODES.textNode(Values.string(random)));
                return "an odd text";
            }
            default -> {
                place.set(value.isNumber() || random.nextBoolean() ? number(value) : scalar());
                return "another value";
            }
        }
    }

    private String twice(Place place) {
        if (place.key != null) {
            ((ObjectNode) place.parent)
                    .set(raw.put(quoted(place.key)), random.nextBoolean() ? place.value() : scalar());
        } else {
            ((ArrayNode) place.parent).add(place.value());
        }
        return "twice";
    }

    private static String quoted(String key) {
        try {
            return JSON.writeValueAsString(key);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String renamed(Place place, List<Place> places) {
        if (place.key == null) {
            place.set(scalar());
            return "another value in the list";
        }
        List<String> keys =
                places.stream().map(Place::key).filter(k -> k != null).toList();
        String name = switch (random.nextInt(4)) {
            case 0 -> place.key + place.key.charAt(place.key.isEmpty() ? 0 : place.key.length() - 1);
            case 1 -> place.key.toUpperCase(java.util.Locale.ROOT);
            case 2 -> Values.string(random);
            default -> keys.get(random.nextInt(keys.size()));
        };
        JsonNode value = place.value();
        place.remove();
        ((ObjectNode) place.parent).set(name, value);
        return "renamed";
    }

    private JsonNode inList(JsonNode value) {
        ArrayNode list =
                value instanceof ArrayNode a ? a.deepCopy() : NODES.arrayNode().add(value);
        JsonNode more = random.nextBoolean() ? NODES.nullNode() : scalar();
        if (random.nextInt(4) == 0) {
            list.removeAll();
        } else {
            list.insert(random.nextInt(list.size() + 1), more);
        }
        return list;
    }

    private JsonNode other(JsonNode value) {
        return switch (random.nextInt(6)) {
            case 0 -> NODES.objectNode();
            case 1 -> NODES.arrayNode();
            case 2 -> NODES.booleanNode(random.nextBoolean());
            case 3 -> NODES.textNode(value.isValueNode() ? value.asText() : "text");
            case 4 -> NODES.objectNode().set("a", value);
            default -> scalar();
        };
    }

    private JsonNode number(JsonNode value) {
        if (value.isNumber() && random.nextInt(3) == 0) {
            double x = value.asDouble();
            double y = switch (random.nextInt(6)) {
                case 0 -> -x;
                case 1 -> x + 1;
                case 2 -> x - 1;
                case 3 -> x * 2;
                case 4 -> x / 3;
                default -> x * 1000;
            };
            return y == Math.rint(y) && value.isIntegralNumber() ? NODES.numberNode((long) y) : NODES.numberNode(y);
        }
        return NODES.textNode(raw.put(Values.number(random)));
    }

    private JsonNode scalar() {
        return switch (random.nextInt(4)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.textNode(Values.string(random));
            default -> NODES.textNode(raw.put(Values.number(random)));
        };
    }
}

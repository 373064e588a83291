package coterie.scenarios.fuzz;

import java.util.Random;

/** Changes to GraphML that only XML allows: document types, entities, declared encodings, other programs' elements. */
final class XmlMutations {
    private XmlMutations() {}

    /** @param address that must never be asked for anything */
    static String mutate(String xml, Random random, String address) {
        String head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        return switch (random.nextInt(14)) {
            case 0 -> xml.replace(head, head + "\n<!DOCTYPE graphml SYSTEM \"" + address + "\">");
            case 1 ->
                xml.replace(head, head + "\n<!DOCTYPE graphml [<!ENTITY x SYSTEM \"" + address + "\">]>")
                        .replace(">a<", ">&x;<");
            case 2 -> xml.replace(head, head + "\n<!DOCTYPE graphml [<!ENTITY % x SYSTEM \"" + address + "\"> %x;]>");
            case 3 ->
                xml.replace(head, head + "\n<!DOCTYPE graphml [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>")
                        .replace(">a<", ">&x;<");
            case 4 -> {
                StringBuilder bomb = new StringBuilder("<!ENTITY x0 \"ha\">");
                for (int k = 1; k < 30; k++) {
                    bomb.append("<!ENTITY x%d \"&x%d;&x%d;\">".formatted(k, k - 1, k - 1));
                }
                yield xml.replace(head, head + "\n<!DOCTYPE graphml [" + bomb + "]>")
                        .replace(">a<", ">&x29;<");
            }
            case 5 ->
                xml.replace(
                        "xmlns/1.0/graphml.xsd", "xmlns/1.0/graphml.xsd\" xsi:noNamespaceSchemaLocation=\"" + address);
            case 6 -> xml.replace("http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd", address);
            case 7 -> xml.replace("UTF-8", random.nextBoolean() ? "ISO-8859-1" : "UTF-16");
            case 8 -> xml.replace("undirected", random.nextBoolean() ? "directed" : "both");
            case 9 -> xml.replace("target=\"n1\"", "target=\"n0\"");
            case 10 -> xml.replace("<node id=\"n1\"/>", "<node id=\"n1\"/><node id=\"n1\"/><node id=\"m1\"/>");
            case 11 ->
                xml.replace(
                        "<node id=\"n2\"/>",
                        "<node id=\"n2\"><graph id=\"H\" edgedefault=\"directed\"><node id=\"n2::0\"/></graph></node>");
            case 12 -> xml.replace("<graph id", "<graph edgedefault=\"directed\"/><graph id");
            default -> "<?xml-stylesheet href=\"" + address + "\"?>" + xml;
        };
    }
}

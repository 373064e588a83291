package coterie.model.program;

import coterie.model.adapter.AdapterLayout;
import coterie.model.base.DecoderConfig;
import coterie.model.base.MemoryWeights;
import coterie.model.base.Role;

/** GPT-2 with LoRA in plain float64 loops, written from the model's definition: what the program is judged by. */
final class ReferenceGpt2 {
    private final DecoderConfig c;
    private final MemoryWeights w;
    private final AdapterLayout layout;

    ReferenceGpt2(MemoryWeights weights, AdapterLayout layout) {
        this.c = weights.config();
        this.w = weights;
        this.layout = layout;
    }

    /** Logits [T][V] of one sequence. */
    double[][] logits(long[] ids, double[] adapter) {
        int t = ids.length;
        int d = c.width();
        double[][] x = new double[t][d];
        for (int i = 0; i < t; i++) {
            for (int k = 0; k < d; k++) {
                x[i][k] = (double) w.arrays().get(0)[(int) ids[i] * d + k]
                        + w.arrays().get(1)[i * d + k];
            }
        }
        for (int l = 0; l < c.blocks(); l++) {
            int a = 4 + 12 * l;
            double[][] qkv = adapted(norm(x, a), a + 2, adapter, l, Role.QUERY_KEY_VALUE);
            add(x, adapted(attention(qkv, c.layers().get(l).scale()), a + 4, adapter, l, Role.OUTPUT));
            double[][] f = adapted(norm(x, a + 6), a + 8, adapter, l, Role.UP);
            for (double[] row : f) {
                for (int k = 0; k < row.length; k++) {
                    double z = row[k];
                    row[k] = 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
                }
            }
            add(x, adapted(f, a + 10, adapter, l, Role.DOWN));
        }
        double[][] h = norm(x, 2);
        double[][] out = new double[t][c.vocabulary()];
        for (int i = 0; i < t; i++) {
            for (int v = 0; v < c.vocabulary(); v++) {
                for (int k = 0; k < d; k++) {
                    out[i][v] +=
                            h[i][k] * w.arrays().get(c.tied() ? 0 : w.arrays().size() - 1)[v * d + k];
                }
            }
        }
        return out;
    }

    /** Mean next-token cross-entropy over the counted targets of several sequences. */
    double loss(long[][] ids, long[][] targets, double[] adapter) {
        double sum = 0;
        int n = 0;
        for (int s = 0; s < ids.length; s++) {
            double[][] z = logits(ids[s], adapter);
            for (int i = 0; i < z.length; i++) {
                if (targets[s][i] >= 0) {
                    double top = java.util.Arrays.stream(z[i]).max().orElseThrow();
                    double total = java.util.Arrays.stream(z[i])
                            .map(v -> Math.exp(v - top))
                            .sum();
                    sum += Math.log(total) + top - z[i][(int) targets[s][i]];
                    n++;
                }
            }
        }
        return sum / n;
    }

    private double[][] norm(double[][] x, int at) {
        double[][] y = new double[x.length][];
        for (int i = 0; i < x.length; i++) {
            double mean = java.util.Arrays.stream(x[i]).average().orElseThrow();
            double variance = java.util.Arrays.stream(x[i])
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            y[i] = new double[x[i].length];
            for (int k = 0; k < y[i].length; k++) {
                y[i][k] = (x[i][k] - mean)
                                / Math.sqrt(variance + c.norms().epsilon())
                                * w.arrays().get(at)[k]
                        + w.arrays().get(at + 1)[k];
            }
        }
        return y;
    }

    private double[][] adapted(double[][] x, int at, double[] adapter, int layer, Role place) {
        float[] weight = w.arrays().get(at);
        float[] bias = w.arrays().get(at + 1);
        int in = c.in(place);
        int out = c.out(place);
        double[][] y = new double[x.length][out];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < out; o++) {
                double s = bias[o];
                for (int k = 0; k < in; k++) {
                    s += x[i][k] * weight[o * in + k];
                }
                y[i][o] = s;
            }
        }
        layout.parts().stream()
                .filter(p -> p.layer() == layer && p.projection().role() == place)
                .forEach(p -> {
                    for (int i = 0; i < x.length; i++) {
                        for (int r = 0; r < p.rank(); r++) {
                            double u = 0;
                            for (int k = 0; k < in; k++) {
                                u += adapter[p.offsetA() + r * in + k] * x[i][k];
                            }
                            for (int o = 0; o < out; o++) {
                                y[i][o] += layout.lora().scale() * u * adapter[p.offsetB() + o * p.rank() + r];
                            }
                        }
                    }
                });
        return y;
    }

    private double[][] attention(double[][] qkv, double scale) {
        int d = c.width();
        int hw = d / c.attention().heads();
        double[][] y = new double[qkv.length][d];
        for (int h = 0; h < c.attention().heads(); h++) {
            for (int i = 0; i < qkv.length; i++) {
                double[] score = new double[i + 1];
                double total = 0;
                for (int j = 0; j <= i; j++) {
                    for (int k = 0; k < hw; k++) {
                        score[j] += qkv[i][h * hw + k] * qkv[j][d + h * hw + k];
                    }
                    score[j] = Math.exp(score[j] * scale);
                    total += score[j];
                }
                for (int j = 0; j <= i; j++) {
                    for (int k = 0; k < hw; k++) {
                        y[i][h * hw + k] += score[j] / total * qkv[j][2 * d + h * hw + k];
                    }
                }
            }
        }
        return y;
    }

    private static void add(double[][] x, double[][] y) {
        for (int i = 0; i < x.length; i++) {
            for (int k = 0; k < x[i].length; k++) {
                x[i][k] += y[i][k];
            }
        }
    }
}

package coterie.topology.graph;

import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Weights for averaging with the neighbours in a graph, independent of trust. */
public final class MixingMatrix {
    private MixingMatrix() {}

    /**
     * Returns the Metropolis–Hastings weights W [N][N] (Xiao, Boyd, Lall, 2005): w_ij = 1 / (1 + max(d_i, d_j)) for
     * neighbours with in-degrees d_i and d_j, and w_ii = 1 − Σ_j≠i w_ij. On an undirected graph W is symmetric and
     * doubly stochastic.
     *
     * <p>Worked example: on the line 0 – 1 – 2 the degrees are 1, 2, 1, so w_01 = w_12 = 1/3, w_00 = w_22 = 2/3, w_11 =
     * 1/3.
     */
    public static double[][] metropolis(Topology t) {
        int n = t.users();
        double[][] w = new double[n][n];
        for (int i = 0; i < n; i++) {
            double left = 1;
            for (int j : t.inNeighbours(i)) {
                w[i][j] = metropolis(t, i, j);
                left -= w[i][j];
            }
            w[i][i] = left;
        }
        return w;
    }

    /** Returns the weight 1 / (1 + max(d_i, d_j)) of two neighbours. */
    public static double metropolis(Topology t, int i, int j) {
        return 1.0 / (1 + Math.max(t.inNeighbours(i).length, t.inNeighbours(j).length));
    }

    /**
     * Returns the spectral gap 1 − |λ₂| of a row-stochastic matrix, where λ₂ is the eigenvalue of second-largest
     * modulus. The larger the gap, the faster repeated averaging reaches consensus. It is 0 for a disconnected graph
     * and 1 for uniform averaging over all users. Takes O(N³) time.
     *
     * <p>Worked example: the ring of 8 with weights 1/3 has eigenvalues (1 + 2 cos(2πk/8)) / 3, hence a gap of 1 − (1 +
     * √2)/3 = 0.1953.
     */
    public static double spectralGap(double[][] w) {
        int n = w.length;
        if (n == 1) {
            return 1;
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, symmetric(w));
        if (!eigen.decompose(new DMatrixRMaj(w))) {
            throw new ArithmeticException("eigenvalues of a " + n + " x " + n + " mixing matrix did not converge");
        }
        double[] modulus = new double[n];
        for (int k = 0; k < n; k++) {
            Complex_F64 value = eigen.getEigenvalue(k);
            modulus[k] = Math.hypot(value.real, value.imaginary);
        }
        java.util.Arrays.sort(modulus);
        return Math.max(0, 1 - modulus[n - 2]);
    }

    private static boolean symmetric(double[][] w) {
        for (int i = 0; i < w.length; i++) {
            for (int j = 0; j < i; j++) {
                if (w[i][j] != w[j][i]) {
                    return false;
                }
            }
        }
        return true;
    }
}

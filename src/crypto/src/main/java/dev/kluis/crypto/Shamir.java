package dev.kluis.crypto;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter.Algorithm;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;

/**
 * Shamir's secret sharing over GF(2^8) with the polynomial of AES, byte by byte: any {@code threshold} shares make the
 * secret again, fewer tell nothing of it. A share is as long as the secret; its index, from 1 on, is not in it.
 *
 * <p>Shares are not authenticated: a wrong one makes another secret, so whoever combines checks the result.
 */
public final class Shamir {

    /** The most shares. */
    public static final int MAX_SHARES = 16;
    /** The fewest shares that may suffice: with one alone there is nothing to share. */
    public static final int MIN_THRESHOLD = 2;

    private Shamir() {}

    /** The shares by index, which the caller closes. */
    public static SortedMap<Integer, SecretBytes> split(
            SecretBytes secret, int threshold, int shares, SecureRandom random) {
        requireLegal(threshold, shares);
        var dealt = new TreeMap<Integer, SecretBytes>();
        var split = ShamirSecretSplitter.getInstance(Algorithm.AES, secret.length(), random)
                .resplit(secret.borrow(), threshold, shares)
                .getSecretShares();
        for (int i = 0; i < shares; i++) {
            dealt.put(i + 1, SecretBytes.owning(encoded(split[i])));
        }
        return dealt;
    }

    /** @throws IllegalArgumentException saying what is legal */
    public static void requireLegal(int threshold, int shares) {
        if (threshold < MIN_THRESHOLD || threshold > shares || shares > MAX_SHARES) {
            throw new IllegalArgumentException("the threshold is at least " + MIN_THRESHOLD
                    + " and at most the number of officers, and there are at most " + MAX_SHARES + " officers");
        }
    }

    /** The secret, if these are enough right shares, and anything else otherwise; the caller closes it. */
    public static SecretBytes combine(SortedMap<Integer, SecretBytes> shares) {
        var parts = shares.entrySet().stream()
                .map(share ->
                        new ShamirSplitSecretShare(share.getValue().borrow().clone(), share.getKey()))
                .toArray(ShamirSplitSecretShare[]::new);
        try {
            return SecretBytes.owning(
                    ShamirSplitSecret.getInstance(Algorithm.AES, parts).getSecret());
        } catch (IOException e) {
            throw new IllegalStateException("shares could not be combined", e);
        } finally {
            for (var part : parts) {
                Arrays.fill(encoded(part), (byte) 0);
            }
        }
    }

    private static byte[] encoded(ShamirSplitSecretShare share) {
        try {
            return share.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a share could not be encoded", e);
        }
    }
}

namespace Substrate.Perf.Load;

/// <summary>Draws from 0 … <paramref name="count"/>−1 where the k-th is wanted in proportion to 1/(k+1)^<paramref name="exponent"/>; 0 makes all equal.</summary>
internal sealed class Zipf(int count, double exponent, Random random)
{
    private readonly double[] _upTo = Cumulate(count, exponent);

    public int Next()
    {
        var found = Array.BinarySearch(_upTo, random.NextDouble());
        return Math.Min(found < 0 ? ~found : found, count - 1);
    }

    private static double[] Cumulate(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var weights = Enumerable.Range(1, count).Select(rank => Math.Pow(rank, -exponent)).ToArray();
        var (sum, total) = (0.0, weights.Sum());
        return [.. weights.Select(weight => (sum += weight) / total)];
    }
}

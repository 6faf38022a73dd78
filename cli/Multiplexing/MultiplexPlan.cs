using System.Globalization;

namespace Substrate.Cli.Multiplexing;

/// <summary>What the demonstration does.</summary>
internal sealed record MultiplexPlan(int Actors, int Requests, int Concurrency, int Seed, Uri Ingress, TimeSpan RequestTimeout, bool Keep)
{
    public const string Atespace = "demo";

    /// <summary>Names of the actors, <c>m-0001</c> and so on.</summary>
    public IReadOnlyList<string> Names =>
        [.. Enumerable.Range(1, Actors).Select(static i => string.Create(CultureInfo.InvariantCulture, $"m-{i:0000}"))];

    /// <summary>Every actor's index as often as it is requested, in random order; the same order for the same seed.</summary>
    public int[] Order()
    {
        var order = Enumerable.Range(0, Actors * Requests).Select(i => i % Actors).ToArray();
        new Random(Seed).Shuffle(order);
        return order;
    }
}

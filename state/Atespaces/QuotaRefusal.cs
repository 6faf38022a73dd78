using System.Globalization;

namespace Substrate.State.Atespaces;

/// <summary>Which quota stands in the way.</summary>
/// <param name="Atespace">The atespace.</param>
/// <param name="Quota"><c>actors</c>, <c>running</c> or <c>memory</c>.</param>
/// <param name="Limit">Its limit: a number of actors, or bytes.</param>
/// <param name="Use">What counts against it now.</param>
public sealed record QuotaRefusal(string Atespace, string Quota, long Limit, long Use)
{
    /// <summary>For people: which quota, its limit, and how much of it is used.</summary>
    public override string ToString()
    {
        var (limit, use) = Quota == "memory" ? (Bytes(Limit), Bytes(Use)) : (Number(Limit), Number(Use));
        return $"Atespace {Atespace} is over its quota: {Quota} is limited to {limit}, {use} in use";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(long value) => value % (1 << 20) == 0 ? $"{Number(value >> 20)} MiB" : $"{Number(value)} bytes";
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Substrate.Perf.Load;

/// <summary>What the counter demo answers.</summary>
internal sealed record CounterAnswer(string Actor, string Atespace, long Memory, long File)
{
    /// <summary>Null when the text is no such answer.</summary>
    public static CounterAnswer? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CounterJson.Default.CounterAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Generated serialisation of <see cref="CounterAnswer"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CounterAnswer))]
internal sealed partial class CounterJson : JsonSerializerContext;

using System.Text.Json;
using Google.Protobuf;
using YamlDotNet.Serialization;

namespace Substrate.Cli.Output;

/// <summary>Writes messages of the API as protojson, or as YAML of the same structure.</summary>
internal static class MessageText
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithIndentation());

    public static string Of(IMessage message, OutputFormat format) => format switch
    {
        OutputFormat.Json => Json.Format(message),
        OutputFormat.Yaml => Yaml(Json.Format(message)),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "a table is not one message's text"),
    };

    private static string Yaml(string json)
    {
        using var document = JsonDocument.Parse(json);
        var serializer = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().Build();
        return serializer.Serialize(ToPlain(document.RootElement)!).TrimEnd('\n');
    }

    private static object? ToPlain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(static p => p.Name, static p => ToPlain(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(ToPlain).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}

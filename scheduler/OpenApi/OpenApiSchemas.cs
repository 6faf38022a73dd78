using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Substrate.Scheduler.OpenApi;

/// <summary>Writes messages as schemas, each once.</summary>
internal sealed class OpenApiSchemas
{
    public JsonObject Written { get; } = [];

    /// <summary>A reference to a message's schema, which is written first.</summary>
    public JsonObject Reference(MessageDescriptor message)
    {
        if (!Written.ContainsKey(message.FullName))
        {
            // Known before its fields are looked at: messages may hold themselves.
            var properties = new JsonObject();
            Written[message.FullName] = new JsonObject { ["type"] = "object", ["properties"] = properties };
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                properties[field.JsonName] = Of(field);
            }
        }

        return new() { ["$ref"] = $"#/components/schemas/{message.FullName}" };
    }

    /// <summary>The schema of a field, as protojson writes it.</summary>
    public JsonObject Of(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return new() { ["type"] = "object", ["additionalProperties"] = One(field.MessageType.FindFieldByNumber(2)) };
        }

        return field.IsRepeated ? new() { ["type"] = "array", ["items"] = One(field) } : One(field);
    }

    private JsonObject One(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Reference(field.MessageType),
        FieldType.Enum => new() { ["type"] = "string", ["enum"] = new JsonArray([.. field.EnumType.Values.Select(static v => (JsonNode)v.Name)]) },
        FieldType.Bool => new() { ["type"] = "boolean" },
        FieldType.Int32 or FieldType.UInt32 or FieldType.SInt32 => new() { ["type"] = "integer", ["format"] = "int32" },
        FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 => new() { ["type"] = "string", ["format"] = "int64" },
        FieldType.Double or FieldType.Float => new() { ["type"] = "number" },
        FieldType.Bytes => new() { ["type"] = "string", ["format"] = "byte" },
        _ => new() { ["type"] = "string" },
    };
}

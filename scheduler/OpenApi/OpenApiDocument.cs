using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Substrate.Scheduler.OpenApi;

/// <summary>Describes the JSON form of the API as an OpenAPI 3.0 document, from the same annotations that serve it.</summary>
internal static class OpenApiDocument
{
    /// <summary>The document of these services.</summary>
    public static JsonObject Of(params ServiceDescriptor[] services)
    {
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (var method in services.SelectMany(static service => service.Methods))
        {
            if (method.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is { } rule)
            {
                var (verb, template) = Verb(rule);
                var path = paths[template] as JsonObject ?? [];
                paths[template] = path;
                path[verb] = Operation(method, rule, template, schemas);
            }
        }

        return new()
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "Substrate", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.Written,
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
        };
    }

    private static (string Verb, string Template) Verb(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => ("get", rule.Get),
        HttpRule.PatternOneofCase.Put => ("put", rule.Put),
        HttpRule.PatternOneofCase.Post => ("post", rule.Post),
        HttpRule.PatternOneofCase.Delete => ("delete", rule.Delete),
        _ => ("patch", rule.Patch),
    };

    private static JsonObject Operation(MethodDescriptor method, HttpRule rule, string template, OpenApiSchemas schemas)
    {
        var inPath = template.Split('{').Skip(1).Select(static part => part[..part.IndexOf('}', StringComparison.Ordinal)]).ToArray();
        var parameters = new JsonArray([.. inPath.Select(static name => (JsonNode)new JsonObject
        {
            ["name"] = name, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" },
        })]);
        if (rule.Body.Length == 0)
        {
            foreach (var field in method.InputType.Fields.InDeclarationOrder().Where(f => !inPath.Any(p => p == f.Name || p.StartsWith(f.Name + ".", StringComparison.Ordinal)) && !f.IsMap))
            {
                parameters.Add(new JsonObject { ["name"] = field.JsonName, ["in"] = "query", ["schema"] = schemas.Of(field) });
            }
        }

        var operation = new JsonObject
        {
            ["operationId"] = $"{method.Service.Name}_{method.Name}",
            ["tags"] = new JsonArray(method.Service.FullName),
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["200"] = Content(schemas.Reference(method.OutputType), method.IsServerStreaming ? "One JSON object per line, until the caller leaves." : "OK"),
                ["default"] = Content(
                    new JsonObject
                    {
                        ["type"] = "object",
                        ["properties"] = new JsonObject { ["code"] = new JsonObject { ["type"] = "integer" }, ["message"] = new JsonObject { ["type"] = "string" } },
                    },
                    "The gRPC code, and what is wrong."),
            },
        };
        if (rule.Body.Length > 0)
        {
            var body = rule.Body == "*" ? schemas.Reference(method.InputType) : schemas.Of(method.InputType.FindFieldByName(rule.Body));
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = body } } };
        }

        return operation;
    }

    private static JsonObject Content(JsonNode schema, string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Substrate.State.Actors;

namespace Substrate.Proxy.Problems;

/// <summary>Writes problems as <c>application/problem+json</c>, or as plain text for those who prefer it.</summary>
internal static class ProblemWriter
{
    public const string ReasonHeader = "Substrate-Reason";

    // The text goes into no page, so quotes and letters of every script stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers a request whose answer has not started.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="actor">The actor that was named; null when none was.</param>
    /// <param name="close">End the connection, because where its next request begins is not certain.</param>
    public static async Task WriteAsync(HttpContext context, Problem problem, ActorKey? actor, bool close = false)
    {
        var response = context.Response;
        response.Headers.Clear();
        response.StatusCode = problem.Status;
        response.Headers[ReasonHeader] = problem.Reason;
        response.Headers.CacheControl = "no-store";
        if (close && context.Request.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal))
        {
            response.Headers.Connection = "close";
        }

        if (problem.RetryAfter > 0)
        {
            response.Headers.RetryAfter = problem.RetryAfter.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var text = PrefersText(context.Request.Headers.Accept);
        var body = text ? Encoding.UTF8.GetBytes($"{problem.Title}\n{problem.Detail}\n") : Json(problem, actor);
        response.ContentType = text ? "text/plain; charset=utf-8" : "application/problem+json";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>True when plain text is named in <c>Accept</c> and liked better than anything JSON fits.</summary>
    public static bool PrefersText(Microsoft.Extensions.Primitives.StringValues accept)
    {
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return false;
        }

        double text = 0, json = 0;
        foreach (var type in types)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, quality);
            }
            else if (type.MatchesAllTypes || type.SubTypeWithoutSuffix.Equals("problem", StringComparison.OrdinalIgnoreCase) || type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase))
            {
                // Of equals the more specific one is preferred, so a wildcard loses against plain text.
                json = Math.Max(json, type.MatchesAllTypes ? quality - .001 : quality);
            }
        }

        return text > json;
    }

    private static byte[] Json(Problem problem, ActorKey? actor)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteString("type"u8, "urn:substrate:problem:" + problem.Reason);
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        json.WriteString("reason"u8, problem.Reason);
        if (actor is { } key)
        {
            json.WriteString("actor"u8, key.Name);
            json.WriteString("atespace"u8, key.Atespace);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

using System.Buffers;
using System.Text.Json;

namespace Substrate.Demos.Counter;

/// <summary>Answers every request: readiness without counting, any other GET with both counts.</summary>
internal sealed class Answer(Tally tally, Identity identity, DateTimeOffset startedAt)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        var isProbe = request.Path.Equals("/readyz", StringComparison.Ordinal);
        response.ContentType = isProbe ? "text/plain" : "application/json";
        if (HttpMethods.IsHead(request.Method))
        {
            return; // A safe method changes nothing, hence does not count.
        }

        var body = isProbe ? "ok"u8.ToArray() : Count(request.Path);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private ReadOnlyMemory<byte> Count(string? path)
    {
        var (memory, file) = tally.Increment();
        Console.WriteLine($"GET {path}: {memory} in memory, {file} in the file");
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("actor"u8, identity.Actor);
        json.WriteString("atespace"u8, identity.Atespace);
        json.WriteNumber("memory"u8, memory);
        json.WriteNumber("file"u8, file);
        json.WriteString("startedAt"u8, startedAt);
        json.WriteString("path"u8, path);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}

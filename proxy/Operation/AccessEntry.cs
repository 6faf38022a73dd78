using System.Text.Encodings.Web;
using System.Text.Json;
using Substrate.State.Actors;

namespace Substrate.Proxy.Operation;

/// <summary>One line of the access log.</summary>
internal readonly record struct AccessEntry(
    DateTimeOffset At, string Method, string Protocol, string Scheme, string Host, string Path, int Status, TimeSpan Took, ActorKey? Actor, long Epoch,
    string Route, string Reason, string Client, string TraceParent)
{
    // Text comes from clients: every control character and quote is escaped, so that a line stays one line.
    private static readonly JsonWriterOptions Safe = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>Writes the line and its end. Durations are milliseconds.</summary>
    public void Write(Stream to)
    {
        using (var json = new Utf8JsonWriter(to, Safe))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, At);
            json.WriteString("client"u8, Client);
            json.WriteString("method"u8, Method);
            json.WriteString("scheme"u8, Scheme);
            json.WriteString("host"u8, Host);
            json.WriteString("path"u8, Path);
            json.WriteString("protocol"u8, Protocol);
            json.WriteNumber("status"u8, Status);
            json.WriteNumber("ms"u8, Math.Round(Took.TotalMilliseconds, 3));
            json.WriteString("route"u8, Route);
            WriteRest(json);
            json.WriteEndObject();
        }

        to.WriteByte((byte)'\n');
    }

    private void WriteRest(Utf8JsonWriter json)
    {
        if (Actor is { } actor)
        {
            json.WriteString("atespace"u8, actor.Atespace);
            json.WriteString("actor"u8, actor.Name);
        }

        if (Epoch >= 0)
        {
            json.WriteNumber("epoch"u8, Epoch);
        }

        if (Reason.Length > 0)
        {
            json.WriteString("reason"u8, Reason);
        }

        if (TraceParent.Length > 0)
        {
            json.WriteString("traceparent"u8, TraceParent);
        }
    }
}

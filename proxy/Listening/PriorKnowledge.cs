using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Substrate.Proxy.Listening;

/// <summary>
/// HTTP/1.1 and HTTP/2 with prior knowledge on one clear-text address. Kestrel tells the two apart by TLS only, so the first bytes
/// of a connection are looked at here, and those of an HTTP/2 preface send it to an HTTP/2 endpoint that accepts nothing itself.
/// </summary>
internal sealed class PriorKnowledge(TimeSpan patience, TimeProvider time)
{
    private ConnectionDelegate? _http2;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0"u8;

    /// <summary>Makes <paramref name="listen"/> the endpoint that HTTP/2 connections are handed to.</summary>
    public void Receive(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => _http2 = next);
    }

    /// <summary>Makes <paramref name="listen"/> serve HTTP/1.1 and hand on HTTP/2.</summary>
    public void Offer(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(http1 => connection => ServeAsync(connection, http1));
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        if (await BeginsWithPrefaceAsync(connection) is { } isHttp2)
        {
            await (isHttp2 ? _http2! : http1)(connection);
        }
    }

    // Null when the client sent nothing until it left, its time was up, or the server stops.
    private async Task<bool?> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, timer.Token);
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(either.Token);
                var verdict = Compare(read.Buffer);
                connection.Transport.Input.AdvanceTo(read.Buffer.Start, verdict is null ? read.Buffer.End : read.Buffer.Start);
                if (verdict is not null)
                {
                    return verdict;
                }

                if (read.IsCompleted)
                {
                    // HTTP/1.1 answers, or not, what ended so early.
                    return read.Buffer.IsEmpty ? null : false;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionResetException or ConnectionAbortedException)
        {
            return null;
        }
    }

    // Null while the bytes so far could become either.
    private static bool? Compare(System.Buffers.ReadOnlySequence<byte> buffer)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        System.Buffers.BuffersExtensions.CopyTo(buffer.Slice(0, length), start);
        return !start[..length].SequenceEqual(Preface[..length]) ? false : length == Preface.Length ? true : null;
    }
}

/// <summary>The address of an endpoint that accepts nothing itself.</summary>
internal sealed class HandedOnEndPoint : EndPoint
{
    public override string ToString() => "http2-prior-knowledge";
}

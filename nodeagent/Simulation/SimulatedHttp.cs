using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Substrate.NodeAgent.Simulation;

/// <summary>
/// What a simulated process speaks: as much of HTTP/1.1 as a proxy sends to an actor. A body is read by its length and discarded; one
/// without a length is refused with 411.
/// </summary>
internal sealed class SimulatedHttp(IOptions<SimulationOptions> options, SimulatedMachine machine, TimeProvider time, Random random)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);
    private static readonly byte[] LengthRequired = "HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"u8.ToArray();

    private readonly SimulationOptions _options = options.Value;

    /// <summary>Answers requests until the caller closes the connection or the process ends.</summary>
    public async Task ServeAsync(Socket connection, SimulatedProcess process, SimulatedNetwork network)
    {
        connection.NoDelay = true;
        var stream = new NetworkStream(connection, ownsSocket: false);
        await using (stream.ConfigureAwait(false))
        {
            var reader = PipeReader.Create(stream);
            try
            {
                while (await ReadAsync(reader) is { } request)
                {
                    network.Saw();
                    await machine.Thawed;
                    await process.Frost.Thawed;
                    if (request.Refused)
                    {
                        await stream.WriteAsync(LengthRequired);
                        return;
                    }

                    if (_options.Answer > TimeSpan.Zero)
                    {
                        await Task.Delay(_options.Answer, time);
                    }

                    if (_options.Crashes > 0 && !request.Probe && random.NextDouble() < _options.Crashes)
                    {
                        process.End();
                        return;
                    }

                    await stream.WriteAsync(Answer(process, request));
                    if (request.Close)
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // The other side has gone, or the process has ended.
            }
            finally
            {
                await reader.CompleteAsync();
            }
        }
    }

    private static byte[] Answer(SimulatedProcess process, Request request)
    {
        // A readiness probe is no request of a caller's: it must not count.
        var body = request.Probe ? [] : JsonSerializer.SerializeToUtf8Bytes(process.Answer(request.Id), Web);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n{(request.Close ? "connection: close\r\n" : "")}\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    // One request, its body behind it; null when the caller is done.
    private static async Task<Request?> ReadAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (TryReadHead(read.Buffer, out var request, out var end))
            {
                reader.AdvanceTo(end);
                await DiscardAsync(reader, request.Length);
                return request;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private static bool TryReadHead(ReadOnlySequence<byte> buffer, out Request request, out SequencePosition end)
    {
        var sequence = new SequenceReader<byte>(buffer);
        request = default;
        end = default;
        if (!sequence.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
        {
            return false;
        }

        var lines = Encoding.ASCII.GetString(head).Split("\r\n");
        request = new Request(lines[0].Contains(" /readyz ", StringComparison.Ordinal), "", 0, false, false);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = colon < 0 ? (line, "") : (line[..colon].ToLowerInvariant(), line[(colon + 1)..].Trim());
            request = name switch
            {
                "content-length" => request with { Length = long.TryParse(value, CultureInfo.InvariantCulture, out var length) ? length : 0 },
                "transfer-encoding" => request with { Refused = true },
                "connection" => request with { Close = value.Equals("close", StringComparison.OrdinalIgnoreCase) },
                "x-request-id" => request with { Id = value },
                _ => request,
            };
        }

        end = sequence.Position;
        return true;
    }

    private static async Task DiscardAsync(PipeReader reader, long length)
    {
        while (length > 0)
        {
            var read = await reader.ReadAsync();
            var part = Math.Min(length, read.Buffer.Length);
            reader.AdvanceTo(read.Buffer.GetPosition(part));
            length -= part;
            if (read.IsCompleted && length > 0)
            {
                throw new IOException("The request's body ended early.");
            }
        }
    }

    private readonly record struct Request(bool Probe, string Id, long Length, bool Close, bool Refused);
}

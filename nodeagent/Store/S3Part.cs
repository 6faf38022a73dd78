using System.Net;
using Amazon.S3.Model;

namespace Substrate.NodeAgent.Store;

/// <summary>Reads the body of one answer of S3, all of it or not at all.</summary>
internal static class S3Part
{
    /// <exception cref="IOException">It is shorter than the server said, or of another range.</exception>
    public static async Task<byte[]> ReadAsync(GetObjectResponse answer, int count, string key, CancellationToken cancellation)
    {
        if (answer.HttpStatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent) || answer.ContentLength > count)
        {
            throw new IOException($"{key}: {(int)answer.HttpStatusCode} with {answer.ContentLength} bytes where {count} were asked for");
        }

        // A shorter object than expected is the reader's to judge; a shorter body than announced is a broken connection.
        var content = new byte[answer.ContentLength];
        try
        {
            await answer.ResponseStream.ReadExactlyAsync(content, cancellation);
            return content;
        }
        catch (EndOfStreamException e)
        {
            throw new IOException($"{key}: the answer broke off", e);
        }
    }

    /// <summary>Repeats a read, which is safe since it changes nothing, with a growing pause.</summary>
    public static async Task<byte[]> RepeatAsync(int attempts, Func<Task<byte[]>> read, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await read();
            }
            catch (IOException e) when (e is not FileNotFoundException && attempt < attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25 << attempt), TimeProvider.System, cancellation);
            }
        }
    }
}

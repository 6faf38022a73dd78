using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Substrate.NodeAgent.Store;

/// <summary>Objects in a bucket of any S3 server. Large ones are written and read in parts, each repeated on its own when it fails: parts are named by number and range, so repeating one changes nothing.</summary>
internal sealed class S3Objects(IAmazonS3 client, StoreOptions options) : IObjectStore, IDisposable
{
    private const int ParallelParts = 4;
    private const int DeleteBatch = 1000;

    public string Place => $"s3://{options.Bucket}/{options.Prefix}{(options.Endpoint.Length > 0 ? $" at {options.Endpoint}" : "")}";

    public async Task PutAsync(string key, string file, CancellationToken cancellation)
    {
        var length = new FileInfo(file).Length;
        if (length > options.PartBytes)
        {
            await PutPartsAsync(key, file, length, cancellation);
            return;
        }

        await PutAsync(key, await File.ReadAllBytesAsync(file, cancellation), cancellation);
    }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => DoAsync(
        key,
        async token =>
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            var request = new PutObjectRequest
            {
                BucketName = options.Bucket,
                Key = options.Prefix + key,
                InputStream = stream,
                UseChunkEncoding = false,
                ServerSideEncryptionMethod = Sse(),
                ServerSideEncryptionKeyManagementServiceKeyId = KmsKey(),
            };
            return await client.PutObjectAsync(request, token);
        },
        cancellation);

    public Task<byte[]> ReadAsync(string key, int most, CancellationToken cancellation) => DoAsync(
        key,
        async token =>
        {
            using var answer = await client.GetObjectAsync(options.Bucket, options.Prefix + key, token);
            if (answer.ContentLength > most)
            {
                throw new IOException($"{key} is larger than {most} bytes");
            }

            return await S3Part.ReadAsync(answer, (int)answer.ContentLength, key, token);
        },
        cancellation);

    public async Task<Stream> OpenAsync(string key, long bytes, CancellationToken cancellation)
    {
        var stream = new S3Reader((from, count, token) => ReadPartAsync(key, from, count, token), bytes, options.PartBytes, ParallelParts);
        try
        {
            // The first part now, so that a missing object is told here.
            await stream.BeginAsync(cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellation)
    {
        try
        {
            await DoAsync(key, token => client.GetObjectMetadataAsync(options.Bucket, options.Prefix + key, token), cancellation);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public Task CopyAsync(string from, string to, CancellationToken cancellation) => DoAsync(
        from,
        token => client.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = options.Bucket,
                SourceKey = options.Prefix + from,
                DestinationBucket = options.Bucket,
                DestinationKey = options.Prefix + to,
                ServerSideEncryptionMethod = Sse(),
                ServerSideEncryptionKeyManagementServiceKeyId = KmsKey(),
            },
            token),
        cancellation);

    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation)
    {
        foreach (var batch in keys.Chunk(DeleteBatch))
        {
            await DoAsync(
                batch[0],
                token => client.DeleteObjectsAsync(
                    new DeleteObjectsRequest { BucketName = options.Bucket, Quiet = true, Objects = [.. batch.Select(k => new KeyVersion { Key = options.Prefix + k })] },
                    token),
                cancellation);
        }
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = options.Prefix + prefix };
        while (true)
        {
            var page = await DoAsync(prefix, token => client.ListObjectsV2Async(request, token), cancellation);
            foreach (var one in page.S3Objects ?? [])
            {
                // A server that answers with keys that were not asked for is not believed.
                if (one.Key.StartsWith(request.Prefix, StringComparison.Ordinal))
                {
                    yield return new(one.Key[options.Prefix.Length..], one.Size ?? 0, one.LastModified ?? default);
                }
            }

            if (page.IsTruncated != true || string.IsNullOrEmpty(page.NextContinuationToken) || page.NextContinuationToken == request.ContinuationToken)
            {
                yield break;
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
    }

    public Task SweepAsync(TimeSpan age, CancellationToken cancellation) => S3Leftovers.AbortAsync(client, options, age, cancellation);

    public void Dispose() => client.Dispose();

    private Task<byte[]> ReadPartAsync(string key, long from, int count, CancellationToken cancellation) => S3Part.RepeatAsync(
        options.Attempts,
        () => DoAsync(
            key,
            async token =>
            {
                var request = new GetObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key, ByteRange = new ByteRange(from, from + count - 1) };
                using var answer = await client.GetObjectAsync(request, token);
                return await S3Part.ReadAsync(answer, count, key, token);
            },
            cancellation),
        cancellation);

    private async Task PutPartsAsync(string key, string file, long length, CancellationToken cancellation)
    {
        var begun = await DoAsync(
            key,
            token => client.InitiateMultipartUploadAsync(
                new InitiateMultipartUploadRequest
                {
                    BucketName = options.Bucket,
                    Key = options.Prefix + key,
                    ServerSideEncryptionMethod = Sse(),
                    ServerSideEncryptionKeyManagementServiceKeyId = KmsKey(),
                },
                token),
            cancellation);
        try
        {
            var parts = new PartETag[(int)((length + options.PartBytes - 1) / options.PartBytes)];
            await Parallel.ForAsync(
                0,
                parts.Length,
                new ParallelOptions { MaxDegreeOfParallelism = ParallelParts, CancellationToken = cancellation },
                async (index, token) => parts[index] = await PutPartAsync(key, file, length, begun.UploadId, index, token));
            await DoAsync(
                key,
                token => client.CompleteMultipartUploadAsync(
                    new CompleteMultipartUploadRequest { BucketName = options.Bucket, Key = options.Prefix + key, UploadId = begun.UploadId, PartETags = [.. parts] }, token),
                cancellation);
        }
        catch
        {
            await S3Leftovers.TryAbortAsync(client, options, options.Prefix + key, begun.UploadId);
            throw;
        }
    }

    private Task<PartETag> PutPartAsync(string key, string file, long length, string upload, int index, CancellationToken cancellation)
    {
        var from = (long)index * options.PartBytes;
        return DoAsync(
            key,
            async token =>
            {
                var request = new UploadPartRequest
                {
                    BucketName = options.Bucket,
                    Key = options.Prefix + key,
                    UploadId = upload,
                    PartNumber = index + 1,
                    FilePath = file,
                    FilePosition = from,
                    PartSize = Math.Min(options.PartBytes, length - from),
                    UseChunkEncoding = false,
                };
                var answer = await client.UploadPartAsync(request, token);
                return new PartETag(index + 1, answer.ETag);
            },
            cancellation);
    }

    private ServerSideEncryptionMethod? Sse() => options.ServerSideEncryption.Length > 0 ? new ServerSideEncryptionMethod(options.ServerSideEncryption) : null;

    private string? KmsKey() => options.KmsKey.Length > 0 ? options.KmsKey : null;

    // Every request has a limit, its repetitions by the client included: a server that accepts and never answers must not hold a transfer.
    private async Task<T> DoAsync<T>(string key, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Timeout * options.Attempts, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await call(both.Token);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            throw new FileNotFoundException($"{Place} has no {key}", e);
        }
        catch (AmazonServiceException e)
        {
            throw new IOException($"{(int)e.StatusCode} {e.ErrorCode}: {e.Message}", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException)
        {
            throw new IOException(e.InnerException?.Message ?? e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"no answer within {(options.Timeout * options.Attempts).TotalSeconds:0.#} s", e);
        }
    }
}

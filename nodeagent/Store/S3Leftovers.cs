using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Substrate.NodeAgent.Store;

/// <summary>Uploads in parts that were never completed: they show in no listing and cost room until somebody ends them.</summary>
internal static class S3Leftovers
{
    /// <summary>Ends those of this store that began longer ago than <paramref name="age"/>.</summary>
    /// <exception cref="IOException">The server refuses or does not answer.</exception>
    public static async Task AbortAsync(IAmazonS3 client, StoreOptions options, TimeSpan age, CancellationToken cancellation)
    {
        try
        {
            var before = TimeProvider.System.GetUtcNow().UtcDateTime - age;
            var listed = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = options.Bucket, Prefix = options.Prefix }, cancellation);
            foreach (var upload in (listed.MultipartUploads ?? []).Where(u => u.Initiated < before))
            {
                await client.AbortMultipartUploadAsync(options.Bucket, upload.Key, upload.UploadId, cancellation);
            }
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Ends one, if the server allows it; else the sweep does.</summary>
    public static async Task TryAbortAsync(IAmazonS3 client, StoreOptions options, string key, string upload)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await client.AbortMultipartUploadAsync(options.Bucket, key, upload, limit.Token);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException)
        {
        }
    }
}

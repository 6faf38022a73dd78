using Amazon.Runtime;
using Amazon.S3;

namespace Substrate.NodeAgent.Store;

/// <summary>Makes the client for an S3 server from the options.</summary>
internal static class S3Client
{
    public static AmazonS3Client Create(StoreOptions options)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.PathStyle,
            MaxErrorRetry = options.Attempts - 1,
            RetryMode = RequestRetryMode.Standard,
            Timeout = options.Timeout,

            // What the newest AWS adds and older servers refuse; the manifest has its own hashes.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint.Length > 0)
        {
            config.ServiceURL = options.Endpoint;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }
}

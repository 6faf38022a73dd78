using System.Globalization;
using Substrate.NodeAgent.Store;
using Substrate.TestSupport.S3;

namespace Substrate.NodeAgent.ComponentTests.Store;

/// <summary>Object stores on the tests' S3 server.</summary>
internal static class S3Fixture
{
    public static S3Objects Open(int port, Action<StoreOptions>? change = null)
    {
        var options = new StoreOptions
        {
            Bucket = S3Server.Bucket,
            Prefix = "substrate/",
            Endpoint = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            AccessKey = S3Server.Credential,
            SecretKey = S3Server.Credential,
            Timeout = TimeSpan.FromSeconds(5),
        };
        change?.Invoke(options);
        return new S3Objects(S3Client.Create(options), options);
    }
}

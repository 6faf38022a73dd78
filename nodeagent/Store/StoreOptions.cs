using System.ComponentModel.DataAnnotations;

namespace Substrate.NodeAgent.Store;

/// <summary>Section <c>Store</c>: where snapshots are kept for all nodes. Without a bucket it is the directory <c>Node:StoreDirectory</c>.</summary>
internal sealed class StoreOptions
{
    public const string Section = "Store";

    /// <summary>S3 bucket; it must exist. Empty for the directory.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What all keys in the bucket start with, for instance <c>substrate/</c>; empty for nothing.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Address of the S3 server, for instance <c>http://10.0.0.5:9000</c>; empty for AWS.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Region that requests are signed for. Default <c>us-east-1</c>.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>Name the bucket in the path rather than in the host name. Default true, which every server understands.</summary>
    public bool PathStyle { get; set; } = true;

    /// <summary>Access key; empty for what the environment of the process or the machine provides (AWS's usual chain).</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>Secret key that belongs to <see cref="AccessKey"/>. Give it by environment: <c>SUBSTRATE_Store__SecretKey</c>.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Encryption by the server, asked for with each write: <c>AES256</c> or <c>aws:kms</c>; empty to ask for none.</summary>
    public string ServerSideEncryption { get; set; } = "";

    /// <summary>Key for <c>aws:kms</c>; empty for the bucket's own.</summary>
    public string KmsKey { get; set; } = "";

    /// <summary>File of keys that snapshots are encrypted with before they leave the node; empty for no encryption. See docs/snapshot-format.md.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>Snapshots on their way at once, in each direction. Default 4.</summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 4;

    /// <summary>Longest time without any progress of a transfer, and for any other call. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts of one request to S3, with growing pauses. Default 4.</summary>
    [Range(1, 20)]
    public int Attempts { get; set; } = 4;

    /// <summary>Bytes of one part of a large object, written and read in parts. Default 8 MiB; S3 takes no less than 5 MiB.</summary>
    [Range(5 * 1024 * 1024, 512 * 1024 * 1024)]
    public int PartBytes { get; set; } = 8 * 1024 * 1024;
}

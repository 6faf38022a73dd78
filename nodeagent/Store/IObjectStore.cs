namespace Substrate.NodeAgent.Store;

/// <summary>One object of a store.</summary>
/// <param name="Key">Its key, parts divided by <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ModifiedAt">When it was written, on the store's clock.</param>
internal sealed record StoredObject(string Key, long Bytes, DateTimeOffset ModifiedAt);

/// <summary>
/// Where snapshots are kept for all nodes: named sequences of bytes, each whole or not there. Knows nothing of what is in them.
/// Errors: <see cref="FileNotFoundException"/> when there is no such object; <see cref="IOException"/> for everything else that may go
/// away by itself or needs a person (not mounted, full, forbidden, no answer), with a message that names the store.
/// </summary>
internal interface IObjectStore
{
    /// <summary>The store in words, for messages and logs: a directory, or endpoint and bucket.</summary>
    string Place { get; }

    /// <summary>Stores a file's content. Returns when it is durable; replaces an object of that key in one step.</summary>
    Task PutAsync(string key, string file, CancellationToken cancellation);

    /// <summary>Stores some bytes, a few hundred KiB at most. Returns when they are durable.</summary>
    Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>The content of a small object.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="most">A larger object is an error, so that a store that lies costs no memory.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<byte[]> ReadAsync(string key, int most, CancellationToken cancellation);

    /// <summary>The content of an object that ought to have <paramref name="bytes"/> bytes, as a stream that ends early when it has fewer.</summary>
    Task<Stream> OpenAsync(string key, long bytes, CancellationToken cancellation);

    /// <summary>True when there is an object of that key.</summary>
    Task<bool> ExistsAsync(string key, CancellationToken cancellation);

    /// <summary>Copies an object within the store, without moving its bytes through this machine where the store can.</summary>
    Task CopyAsync(string from, string to, CancellationToken cancellation);

    /// <summary>Removes objects; none is an error when it is not there.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation);

    /// <summary>The objects whose keys start with <paramref name="prefix"/>, which ends with <c>/</c> or is empty, in no particular order.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>Removes what interrupted writes older than <paramref name="age"/> left where no listing shows it.</summary>
    Task SweepAsync(TimeSpan age, CancellationToken cancellation);
}

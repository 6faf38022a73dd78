namespace Substrate.NodeAgent.Images;

/// <summary>
/// When each image was last asked for. Asking and removing exclude each other, so that an image which was handed out a moment ago is not
/// removed before its sandbox stands.
/// </summary>
internal sealed class ImageUse(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Notes that somebody asks for an image, and looks for it.</summary>
    public T Ask<T>(string digest, Func<T> look)
    {
        lock (_lock)
        {
            _asked[digest] = time.GetTimestamp();
            return look();
        }
    }

    /// <summary>Removes an image that nobody has asked for as long as <paramref name="unused"/>; before this process, nobody is known to have.</summary>
    public bool Remove(string digest, TimeSpan unused, Action remove)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_asked.GetValueOrDefault(digest, _start)) < unused)
            {
                return false;
            }

            _asked.Remove(digest);
            remove();
            return true;
        }
    }
}

using System.Globalization;

namespace Substrate.NodeAgent.Networks;

/// <summary>
/// Hands out ports in turn, so that one is not used again before all others were, nor before a time that is longer than anyone keeps a
/// route without comparing it. The position survives restarts: it is saved a block ahead, and a restart skips the rest of the block.
/// So an address that somebody remembers can only refuse, never reach another actor.
/// </summary>
internal sealed class PortRing
{
    /// <summary>Twice the age at which a proxy stops using a route that it could not compare with the record.</summary>
    public static readonly TimeSpan MinimumAge = TimeSpan.FromMinutes(10);

    private const int Block = 256;

    private readonly string _file;
    private readonly int _first;
    private readonly int _count;
    private readonly TimeProvider _time;
    private readonly long[] _handedOut;
    private readonly Lock _lock = new();
    private int _next;
    private int _saved;

    /// <param name="file">File that keeps the position.</param>
    /// <param name="first">First port of the range.</param>
    /// <param name="count">Ports in the range.</param>
    /// <param name="time">Measures how long ago a port was handed out.</param>
    public PortRing(string file, int first, int count, TimeProvider time)
    {
        (_file, _first, _count, _time) = (file, first, count, time);
        _handedOut = new long[count];
        _next = File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var saved) ? saved % count : 0;
        _saved = _next;
    }

    /// <summary>The next port.</summary>
    /// <exception cref="NetworkException">Every port of the range was handed out too recently.</exception>
    public int Next()
    {
        lock (_lock)
        {
            if (_handedOut[_next] != 0 && _time.GetElapsedTime(_handedOut[_next]) < MinimumAge)
            {
                throw new NetworkException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"All {_count} ports from {_first} on were used within {MinimumAge.TotalMinutes:0} minutes; Node:Ports can name a larger range."));
            }

            _handedOut[_next] = _time.GetTimestamp();
            if (_next == _saved)
            {
                _saved = (_next + Block) % _count;
                File.WriteAllText(_file + ".new", _saved.ToString(CultureInfo.InvariantCulture));
                File.Move(_file + ".new", _file, overwrite: true);
            }

            var port = _first + _next;
            _next = (_next + 1) % _count;
            return port;
        }
    }
}

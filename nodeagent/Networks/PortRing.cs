using System.Globalization;

namespace Substrate.NodeAgent.Networks;

/// <summary>
/// Hands out ports in turn, so that one is not used again before all others were. The position survives restarts: it is saved a
/// block ahead, and a restart skips the rest of the block. So an address that somebody remembers can only refuse, never reach another actor.
/// </summary>
internal sealed class PortRing
{
    private const int Block = 256;

    private readonly string _file;
    private readonly int _first;
    private readonly int _count;
    private readonly Lock _lock = new();
    private int _next;
    private int _saved;

    /// <param name="file">File that keeps the position.</param>
    /// <param name="first">First port of the range.</param>
    /// <param name="count">Ports in the range.</param>
    public PortRing(string file, int first, int count)
    {
        (_file, _first, _count) = (file, first, count);
        _next = File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var saved) ? saved % count : 0;
        _saved = _next;
    }

    /// <summary>The next port.</summary>
    public int Next()
    {
        lock (_lock)
        {
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

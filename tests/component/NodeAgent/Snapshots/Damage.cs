using CsCheck;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

/// <summary>One flipped bit or one cut-off end of one file, undone when disposed of.</summary>
internal sealed record Damage(string File, double Where, int Bit, bool Cut)
{
    public static Gen<Damage> Any(string[] files) => Gen.Select(
        Gen.OneOf(files), Gen.Double[0, 0.999999], Gen.Int[0, 7], Gen.Bool, static (file, where, bit, cut) => new Damage(file, where, bit, cut));

    public IDisposable Apply()
    {
        var whole = System.IO.File.ReadAllBytes(File);
        var at = (int)(Where * whole.Length);
        byte[] damaged = Cut ? whole[..at] : [.. whole[..at], (byte)(whole[at] ^ (1 << Bit)), .. whole[(at + 1)..]];
        System.IO.File.WriteAllBytes(File, damaged);
        return new Undo(File, whole);
    }

    private sealed class Undo(string file, byte[] content) : IDisposable
    {
        public void Dispose() => System.IO.File.WriteAllBytes(file, content);
    }
}

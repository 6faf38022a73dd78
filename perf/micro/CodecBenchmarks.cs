using BenchmarkDotNet.Attributes;
using Substrate.NodeAgent.Snapshots;
using Substrate.NodeAgent.Snapshots.Packing;

namespace Substrate.Perf.Micro;

/// <summary>Packing and unpacking a mebibyte of an actor's memory of which a tenth differs from the golden snapshot.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks : IDisposable
{
    private const int Bytes = 1 << 20;
    private const int Page = 4096;

    private readonly string _directory = Directory.CreateTempSubdirectory("substrate-micro-").FullName;
    private SnapshotFile? _raw;
    private SnapshotFile? _packed;

    private string Golden => Path.Combine(_directory, "golden");

    private string Raw => Path.Combine(_directory, "raw");

    private string Stored => Path.Combine(_directory, "stored");

    private string Scratch => Path.Combine(_directory, "scratch");

    /// <summary>Writes the files.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var content = new byte[Bytes];
        random.NextBytes(content);
        File.WriteAllBytes(Golden, content);
        for (var page = 0; page < Bytes / Page; page += 10)
        {
            random.NextBytes(content.AsSpan(page * Page, Page));
        }

        File.WriteAllBytes(Raw, content);
        _raw = new SnapshotFile("pages.img", Bytes, RawHash.OfFile(Raw, CancellationToken.None), Bytes, SnapshotEncoding.None);
        _packed = FilePacker.Pack(Raw, Golden, Stored, _raw, null, CancellationToken.None);
    }

    [Benchmark]
    public int Pack()
    {
        File.Delete(Scratch);
        return (int)FilePacker.Pack(Raw, Golden, Scratch, _raw!, null, CancellationToken.None).StoredBytes;
    }

    [Benchmark]
    public async Task UnpackAsync()
    {
        File.Delete(Scratch);
        await using var stored = File.OpenRead(Stored);
        await FileUnpacker.UnpackAsync(stored, Golden, Scratch, _packed!, null, CancellationToken.None);
    }

    /// <summary>Removes the files.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}

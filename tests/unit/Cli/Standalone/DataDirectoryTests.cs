using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.UnitTests.Standalone;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("substrate-test-").FullName, "data");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Directory_HeldByAnother_IsRefusedWithItsPid()
    {
        using var first = DataDirectory.Open(_path);
        new InstanceFile(4711, 8000, 8379, Ready: true, DateTimeOffset.UnixEpoch).Write(_path);

        var told = Assert.Throws<CommandFailure>(() => DataDirectory.Open(_path));

        Assert.Contains("process 4711", told.Message, StringComparison.Ordinal);
        Assert.Contains($"down --data {_path}", told.Remedy, StringComparison.Ordinal);
        Assert.True(DataDirectory.IsHeld(_path));
    }

    [Fact]
    public void Directory_GivenBack_CanBeTakenAgain()
    {
        DataDirectory.Open(_path).Dispose();

        Assert.False(DataDirectory.IsHeld(_path));
        using var again = DataDirectory.Open(_path);
    }

    [Fact]
    public void Directory_OfANewerVersion_IsRefusedUntouched()
    {
        Directory.CreateDirectory(_path);
        File.WriteAllText(Path.Combine(_path, "version"), "99\n");

        var told = Assert.Throws<CommandFailure>(() => DataDirectory.Open(_path));

        Assert.Contains("newer version", told.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(_path, "version")], Directory.GetFileSystemEntries(_path));
    }

    [Fact]
    public void NodeId_OfDifferentDirectories_Differs()
    {
        using var one = DataDirectory.Open(_path);
        using var other = DataDirectory.Open(_path + "2");

        Assert.NotEqual(one.NodeId, other.NodeId);
        Assert.Matches("^local-[0-9a-f]{8}$", one.NodeId);
    }
}

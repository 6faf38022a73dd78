using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;

namespace Substrate.Cli.UnitTests.Connection;

public sealed class FailuresTests
{
    private static readonly Endpoint Here = Endpoint.Parse(Endpoint.Default, null, null, false, TimeSpan.FromSeconds(60));

    [Fact]
    public void NothingListening_IsUnreachable_AndSaysHowToStartIt()
    {
        var told = Told(StatusCode.Unavailable, "Error connecting", new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)));

        Assert.Equal(ExitCode.Unreachable, told.ExitCode);
        Assert.Equal("cannot reach https://127.0.0.1:8443: nothing listens there", told.Message);
        Assert.Contains("substrate up", told.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void CertificateNotTrusted_NamesTheOptions()
    {
        var told = Told(StatusCode.Internal, "Error starting call", new HttpRequestException("x", new AuthenticationException("y")));

        Assert.Contains("--ca FILE", told.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "Actor alice not found", "get actors")]
    [InlineData(StatusCode.FailedPrecondition, "ActorTemplate demo/x not found", "apply -f")]
    [InlineData(StatusCode.FailedPrecondition, "Atespace demo not found", "create atespace")]
    [InlineData(StatusCode.FailedPrecondition, "Actor alice is not suspended (status: STATUS_RUNNING)", "suspend actor")]
    [InlineData(StatusCode.FailedPrecondition, "Atespace demo is not empty", "Delete its actors")]
    [InlineData(StatusCode.Unauthenticated, "missing bearer token", "--token")]
    [InlineData(StatusCode.DeadlineExceeded, "", "--timeout")]
    public void KnownFailure_HasARemedy(StatusCode code, string detail, string remedy)
    {
        var told = Told(code, detail);

        Assert.Equal(ExitCode.Failed, told.ExitCode);
        Assert.Contains(remedy, told.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFailure_KeepsTheServersWords() => Assert.Equal("name is required", Told(StatusCode.InvalidArgument, "name is required").Message);

    private static CommandFailure Told(StatusCode code, string detail, Exception? inner = null) =>
        Failures.Of(new RpcException(new Status(code, detail, inner)), Here);
}

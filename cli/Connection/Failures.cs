using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Substrate.Cli.Output;

namespace Substrate.Cli.Connection;

/// <summary>What went wrong, in words a person can act on. The one place where statuses of the API become messages and exit codes.</summary>
internal static class Failures
{
    public static CommandFailure Of(RpcException failure, Endpoint endpoint) => failure.StatusCode switch
    {
        _ when Find<AuthenticationException>(failure) is not null => new CommandFailure(
            $"the certificate of {endpoint.Address.Authority} is not trusted",
            "Name the authority it comes from with --ca FILE, or accept any certificate with --insecure.", ExitCode.Unreachable, failure),
        StatusCode.Unavailable => Unreachable(failure, endpoint),
        StatusCode.DeadlineExceeded => new CommandFailure(
            $"no answer within {DurationText.Of(endpoint.Timeout)}", "Allow more time with --timeout, for instance --timeout 5m.", ExitCode.Failed, failure),
        StatusCode.Cancelled => new CommandFailure("interrupted", null, ExitCode.Interrupted, failure),
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => new CommandFailure(
            failure.Status.Detail, "Pass the installation's token with --token, or set SUBSTRATE_TOKEN.", ExitCode.Failed, failure),
        StatusCode.Unimplemented => new CommandFailure(
            $"{endpoint.Address.Authority} does not know this call", "It is an older version, or not Substrate's admin API: check --endpoint.", ExitCode.Failed, failure),
        _ => new CommandFailure(MessageOf(failure), RemedyFor(failure), ExitCode.Failed, failure),
    };

    private static CommandFailure Unreachable(RpcException failure, Endpoint endpoint)
    {
        var why = Find<SocketException>(failure)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "nothing listens there",
            SocketError.HostNotFound or SocketError.TryAgain => "the host is unknown",
            SocketError.TimedOut => "it does not answer",
            _ => failure.Status.Detail,
        };
        return new CommandFailure(
            $"cannot reach {endpoint.Address.GetLeftPart(UriPartial.Authority)}: {why}",
            endpoint.IsLoopback
                ? "Start it with 'substrate up', or name another one with --endpoint or SUBSTRATE_ENDPOINT."
                : "Check --endpoint (SUBSTRATE_ENDPOINT) and the network between here and there.",
            ExitCode.Unreachable,
            failure);
    }

    private static string MessageOf(RpcException failure) =>
        failure.Status.Detail.Length > 0 ? failure.Status.Detail : $"the server answered {failure.StatusCode}";

    private static string? RemedyFor(RpcException failure)
    {
        var detail = failure.Status.Detail;
        return failure.StatusCode switch
        {
            StatusCode.NotFound or StatusCode.FailedPrecondition when Missing(detail, "ActorTemplate") =>
                "See which there are with 'substrate get templates', or apply it with 'substrate apply -f FILE'.",
            StatusCode.NotFound or StatusCode.FailedPrecondition when Missing(detail, "Atespace") =>
                "See which there are with 'substrate get atespaces', or create it with 'substrate create atespace NAME'.",
            StatusCode.NotFound when Missing(detail, "Actor") => "See which there are with 'substrate get actors -A'.",
            StatusCode.FailedPrecondition when detail.Contains("is not suspended", StringComparison.Ordinal) =>
                "Suspend it first with 'substrate suspend actor NAME -a ATESPACE'.",
            StatusCode.FailedPrecondition when detail.Contains("is not empty", StringComparison.Ordinal) =>
                "Delete its actors first; 'substrate get actors -a NAME' lists them.",
            StatusCode.Aborted => "Another operation on it is under way: try again.",
            _ => null,
        };
    }

    private static bool Missing(string detail, string kind) =>
        detail.StartsWith(kind + " ", StringComparison.Ordinal) && detail.EndsWith("not found", StringComparison.Ordinal);

    private static T? Find<T>(RpcException failure)
        where T : Exception
    {
        for (Exception? cause = failure.Status.DebugException ?? failure.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
            {
                return found;
            }
        }

        return null;
    }
}

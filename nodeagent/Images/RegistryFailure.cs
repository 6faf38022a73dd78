using System.Text.RegularExpressions;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.Images;

/// <summary>Says in words what went wrong with a registry, and whether it is worth trying again.</summary>
internal static partial class RegistryFailure
{
    // First match wins. The texts are skopeo's and Go's; what matches none of them is shown as it is.
    private static readonly (string Sign, string Meaning, bool Temporary)[] Known =
    [
        ("manifest unknown", "the registry has no such image", false),
        ("name unknown", "the registry has no such image", false),
        ("does not match provided manifest digest", "the registry answered with something else than the digest asked for", false),
        ("Digest did not match", "the registry answered with something else than the digest asked for", false),
        ("unauthorized", "the registry demands a login, or refuses the one it was given: put credentials into the file of Node:RegistryAuthFile", false),
        ("authentication required", "the registry demands a login, or refuses the one it was given: put credentials into the file of Node:RegistryAuthFile", false),
        ("no basic auth credentials", "the registry demands a login: put credentials into the file of Node:RegistryAuthFile", false),
        ("denied", "the registry does not allow this login to read the image", false),
        ("StatusCode: 403", "the registry does not allow this login to read the image", false),
        ("is blocked in", "the registry is blocked by this node's registries.conf", false),
        ("server gave HTTP response to HTTPS client", "the registry does not speak TLS; without TLS only registries on this machine (localhost) are used", false),
        ("certificate", "the registry's certificate is not trusted: put its authority into /etc/containers/certs.d/HOST/ca.crt", false),
        ("stopped after 10 redirects", "the registry redirects in a circle", false),
        ("invalid character '<'", "the registry answers with a web page and not with the registry protocol", false),
        ("StatusCode: 200, <", "the registry answers with a web page and not with the registry protocol", false),
        ("unsupported schema version 1", "the image has Docker's outdated schema 1: push it again with a current tool", false),
        ("unsupported MIME type", "the image has a media type that is not an image's", false),
        ("toomanyrequests", "the registry limits the rate of pulls", true),
        ("StatusCode: 429", "the registry limits the rate of pulls", true),
        ("connection refused", "the registry cannot be reached", true),
        ("no such host", "the registry's name is not known", true),
        ("i/o timeout", "the registry does not answer", true),
        ("TLS handshake timeout", "the registry does not answer", true),
        ("network is unreachable", "the registry cannot be reached", true),
        ("no route to host", "the registry cannot be reached", true),
        ("connection reset", "the registry broke off", true),
        ("unexpected EOF", "the registry broke off", true),
        ("no space left on device", "this node's disk is full", true),
    ];

    public static ImageException Of(ImageReference image, CommandResult result) => result.Outcome switch
    {
        CommandOutcome.NotStarted => new(
            $"image '{image.Text}': skopeo is needed to read from registries and cannot be started ({result.LastLine}); install it on the node, "
            + "on Debian and Ubuntu with: apt-get install skopeo"),
        CommandOutcome.TimedOut => new($"image '{image.Text}': {result.LastLine}", temporary: true),
        _ => Of(image, Said(result.LastLine)),
    };

    private static ImageException Of(ImageReference image, string said)
    {
        foreach (var (sign, meaning, temporary) in Known)
        {
            if (said.Contains(sign, StringComparison.OrdinalIgnoreCase))
            {
                return new($"image '{image.Text}': {meaning} ({said})", temporary: temporary);
            }
        }

        // 5xx: the registry's own trouble.
        return new($"image '{image.Text}': {said}", temporary: ServerError().IsMatch(said));
    }

    // skopeo's log line: time="…" level=fatal msg="…", the message with Go's escapes.
    private static string Said(string line)
    {
        var match = Message().Match(line);
        var text = match.Success ? match.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal) : line;
        text = Prelude().Replace(text, "");
        return string.Concat(text.Where(static c => !char.IsControl(c)).Take(400));
    }

    [GeneratedRegex("msg=\"((?:[^\"\\\\]|\\\\.)*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Message();

    [GeneratedRegex("^(?:Error parsing image name|initializing source)[^:]*?:(?:[^ ]*)? ", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Prelude();

    [GeneratedRegex(@"\b(?:status(?:Code)?:?|status) ?5\d\d|(?:received unexpected HTTP status|invalid status code from registry):? 5\d\d", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ServerError();
}

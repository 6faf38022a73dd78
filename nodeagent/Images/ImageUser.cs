using System.Collections.Immutable;
using System.Globalization;

namespace Substrate.NodeAgent.Images;

/// <summary>The user an image's process runs as, in numbers.</summary>
internal readonly record struct ImageUser(uint Uid, uint Gid, ImmutableArray<uint> AdditionalGids)
{
    /// <summary>
    /// Resolves <c>uid</c>, <c>uid:gid</c>, <c>name</c> or <c>name:group</c> (numbers and names mix) as container runtimes do: a named group
    /// stands alone; without one the user's own group and those that list it count; an unknown number has group 0.
    /// </summary>
    /// <param name="text">The image's user; empty means root.</param>
    /// <param name="passwd">Lines of the image's <c>/etc/passwd</c>.</param>
    /// <param name="group">Lines of the image's <c>/etc/group</c>.</param>
    /// <param name="problem">What is wrong when the answer is null.</param>
    public static ImageUser? Resolve(string text, IEnumerable<string> passwd, IReadOnlyList<string> group, out string problem)
    {
        problem = "";
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (userText, groupText) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        userText = userText.Length == 0 ? "0" : userText;

        var numeric = TryNumber(userText, out var uid);
        var entry = passwd.Select(static line => line.Split(':')).FirstOrDefault(fields =>
            fields.Length >= 4 && (numeric ? TryNumber(fields[2], out var id) && id == uid : fields[0] == userText));
        uint gid = 0;
        if (entry is not null && (!TryNumber(entry[2], out uid) || !TryNumber(entry[3], out gid)))
        {
            problem = $"its /etc/passwd has no valid numbers for user '{userText}'";
            return null;
        }

        if (entry is null && !numeric)
        {
            problem = $"its user is '{userText}', which its /etc/passwd does not have";
            return null;
        }

        if (groupText.Length == 0)
        {
            return new ImageUser(uid, gid, entry is null ? [] : GroupsOf(entry[0], gid, group));
        }

        if (TryNumber(groupText, out var named) || TryGroup(groupText, group, out named))
        {
            return new ImageUser(uid, named, []);
        }

        problem = $"its group is '{groupText}', which its /etc/group does not have";
        return null;
    }

    private static ImmutableArray<uint> GroupsOf(string user, uint own, IEnumerable<string> group) =>
    [
        .. group.Select(static line => line.Split(':'))
            .Where(fields => fields.Length >= 4 && fields[3].Split(',').Contains(user))
            .Select(static fields => TryNumber(fields[2], out var gid) ? gid : 0)
            .Where(gid => gid != own && gid != 0)
            .Distinct(),
    ];

    private static bool TryGroup(string name, IEnumerable<string> group, out uint gid)
    {
        gid = 0;
        var entry = group.Select(static line => line.Split(':')).FirstOrDefault(fields => fields.Length >= 3 && fields[0] == name);
        return entry is not null && TryNumber(entry[2], out gid);
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

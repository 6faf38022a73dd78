namespace Substrate.Proxy.Routing;

/// <summary>How a request names its actor.</summary>
internal enum AddressKind
{
    /// <summary>It names none.</summary>
    None,

    /// <summary>By host: <c>ACTOR.ATESPACE.SUFFIX</c>.</summary>
    Host,

    /// <summary>By path: <c>/actors/ATESPACE/ACTOR/…</c>.</summary>
    Path,

    /// <summary>By a header: <c>Substrate-To: ATESPACE/ACTOR</c>, or <c>ATESPACE/ACTOR:PORT</c>.</summary>
    Header,

    /// <summary>By a domain of its own.</summary>
    Domain,

    /// <summary>By a header that names no actor.</summary>
    BadHeader,

    /// <summary>By a host below a suffix whose labels name no actor.</summary>
    BadHost,

    /// <summary>By a path whose segments name no actor.</summary>
    BadPath,
}

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

    /// <summary>By a host below a suffix whose labels name no actor.</summary>
    BadHost,

    /// <summary>By a path whose segments name no actor.</summary>
    BadPath,
}

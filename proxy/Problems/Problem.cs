namespace Substrate.Proxy.Problems;

/// <summary>An answer of the proxy's own: RFC 9457.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">Code for programs, in kebab case; also the header <c>Substrate-Reason</c>.</param>
/// <param name="Title">What kind of problem it is, the same for all of its kind.</param>
/// <param name="Detail">What happened this time, in words for people.</param>
/// <param name="RetryAfter">Seconds after which trying again makes sense; 0 for none.</param>
internal sealed record Problem(int Status, string Reason, string Title, string Detail, int RetryAfter = 0);

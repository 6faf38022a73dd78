using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.Net.Http.Headers;
using Substrate.State.Actors;

namespace Substrate.Proxy.Problems;

/// <summary>The page for a person whose actor takes longer than a few seconds to wake: it loads itself again until the actor answers.</summary>
internal static class WakingPage
{
    /// <summary>True for a browser that opens a page: only there does somebody look at what comes, and loading again repeats nothing but reading.</summary>
    public static bool Fits(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) || !request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var mode = request.Headers["Sec-Fetch-Mode"].ToString();
        return (mode.Length == 0 || mode == "navigate") && !request.Headers.ContainsKey(HeaderNames.Upgrade);
    }

    public static async Task WriteAsync(HttpContext context, Problem problem, ActorKey actor)
    {
        var seconds = problem.RetryAfter.ToString(CultureInfo.InvariantCulture);
        var name = HtmlEncoder.Default.Encode(actor.Name);
        var page = Encoding.UTF8.GetBytes(
            $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="{{seconds}}">
            <title>{{name}} is waking up</title>
            <style>body{font:1.1rem system-ui,sans-serif;display:grid;place-content:center;min-height:90vh;text-align:center;color-scheme:light dark}</style>
            <h1>{{name}} is waking up</h1>
            <p>This page loads itself again.</p>
            </html>

            """);
        var response = context.Response;
        response.Headers.Clear();
        response.StatusCode = problem.Status;
        response.Headers[ProblemWriter.ReasonHeader] = problem.Reason;
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = seconds;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        await response.Body.WriteAsync(page, context.RequestAborted);
    }
}

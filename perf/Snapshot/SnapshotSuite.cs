using Substrate.Perf.Charts;
using Substrate.Perf.Commands;
using Substrate.Perf.Installations;
using Substrate.Perf.Reports;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Perf.Snapshot;

/// <summary>What is stored of a snapshot, how fast it is packed and unpacked, and what waking from the store costs beside waking from disk.</summary>
internal sealed class SnapshotSuite : ISuite
{
    private static readonly TemplateKey Cpython = new("bench", "cpython");
    private static readonly string[] Cases = ["counter", "cpython"];

    public string Name => "snapshot";

    public string Summary => "Stored bytes, packing speed, and waking from the store beside waking from the node's disk.";

    public (int Full, int Quick)? Rounds => (20, 5);

    public TimeSpan Limit => TimeSpan.FromMinutes(8);

    public async Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken)
    {
        var images = Path.Combine(context.Home, "perf", "images", "cpython");
        var log = Path.GetTempFileName();
        await Tool.RunAsync(log, cancellationToken, Path.Combine(images, "build-image.sh"));
        File.Delete(log);
        var plan = new InstallationPlan(Slots: 4) { Manifests = [Path.Combine(images, "cpython.yaml")] };
        await using var installation = await context.Installations.StartAsync(plan, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = installation.Ingress, Timeout = TimeSpan.FromSeconds(60) };
        var counter = new ActorKey(IInstallation.Atespace, "counter");
        var cpython = new ActorKey(IInstallation.Atespace, "cpython");
        await installation.CreateAsync(counter, IInstallation.Counter, cancellationToken);
        await installation.CreateAsync(cpython, Cpython, cancellationToken);
        await AskAsync(http, HttpMethod.Get, $"/actors/{counter}/", cancellationToken);
        await AskAsync(http, HttpMethod.Post, $"/actors/{cpython}/change", cancellationToken);

        var packing = await PackAsync(context, installation, [counter, cpython], cancellationToken);
        IContender[] wakes = [.. ((ActorKey[])[counter, cpython]).SelectMany(actor => Enum.GetValues<Rest>().Select(rest => new Wake(installation, http, actor, rest, context.Time)))];
        var rounds = new RoundPlan(1, context.Rounds, context.Quick ? TimeSpan.FromSeconds(50) : Limit / 2);
        var waking = await new Interleaved(rounds, context.Tell, context.Time).RunAsync(wakes, cancellationToken);
        return Result(packing, waking);
    }

    /// <summary>The result of the samples.</summary>
    internal static SuiteResult Result(RoundResults packing, RoundResults waking) => new()
    {
        Rows = [.. Cases.SelectMany(name => PackRows(packing, name).Concat(WakeRows(waking, name)))],
        Tables =
        [
            new("Packing against the golden snapshot, one thread", ["ACTOR", "RAW", "STORED", "ENCODE", "DECODE"],
            [
                .. Cases.Select(name => (string[])
                [
                    name,
                    FormattableString.Invariant($"{packing[name, "raw_bytes"].Median / 1e6:0.0} MB"),
                    FormattableString.Invariant($"{packing[name, "stored_ratio"].Median * 100:0.00} %"),
                    FormattableString.Invariant($"{packing[name, "encode_mb_s"].Median:0} MB/s"),
                    FormattableString.Invariant($"{packing[name, "decode_mb_s"].Median:0} MB/s"),
                ]),
                ["the machine: read, hash, write", "", "", "", FormattableString.Invariant($"{packing["copy and hash", "mb_s"].Median:0} MB/s")],
            ]),
            new("Request to first byte", ["ACTOR", "PAUSED", "STORE, NODE CACHE", "STORE", "CACHE/PAUSED", "STORE/PAUSED"],
            [
                .. Cases.Select(name => (string[])
                [
                    name,
                    Cells.Ms(Of(waking, name, Rest.Paused).Median),
                    Cells.Ms(Of(waking, name, Rest.WarmCache).Median),
                    Cells.Ms(Of(waking, name, Rest.Cold).Median),
                    Cells.Times(Of(waking, name, Rest.WarmCache).Over(Of(waking, name, Rest.Paused)).Median),
                    Cells.Times(Of(waking, name, Rest.Cold).Over(Of(waking, name, Rest.Paused)).Median),
                ]),
            ]),
        ],
        Charts =
        [
            new BarChart("wake", "Request to first byte, by where the actor sleeps", "ms", Cases,
                [.. Enum.GetValues<Rest>().Select(rest => new BarValues(rest.ToString(), [.. Cases.Select(name => Of(waking, name, rest).Median)]))]),
        ],
        Notes =
        [
            "cpython holds 102,400 rows of 1 KiB, of which 1 % were rewritten with random bytes.",
            "The store is a directory on the same disk; its bandwidth is that of the disk.",
        ],
    };

    private static async Task<RoundResults> PackAsync(SuiteContext context, IInstallation installation, ActorKey[] actors, CancellationToken cancellationToken)
    {
        var contenders = new List<IContender>();
        foreach (var actor in actors)
        {
            await installation.PauseAsync(actor, cancellationToken);
            var template = actor.Name == "counter" ? IInstallation.Counter : Cpython;
            var work = Directory.CreateDirectory(Path.Combine(installation.Work, actor.Name)).FullName;
            contenders.Add(new PackedFiles(actor.Name, Only(installation, $"actors/{actor}"), Only(installation, $"goldens/{template}"), work, context.Time));
        }

        contenders.Add(new PlainCopy(Path.Combine(Only(installation, $"actors/{actors[^1]}"), "pages.img"), installation.Work, context.Time));
        return await new Interleaved(new RoundPlan(2, context.Rounds, TimeSpan.FromSeconds(30)), context.Tell, context.Time).RunAsync(contenders, cancellationToken);
    }

    private static string Only(IInstallation installation, string owner) =>
        Directory.EnumerateFiles(Path.Combine(installation.Snapshots, owner), "manifest.json", SearchOption.AllDirectories).Select(static m => Path.GetDirectoryName(m)!).FirstOrDefault()
        ?? throw new BenchException($"there is no snapshot of {owner} on the node's disk");

    private static async Task AskAsync(HttpClient http, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException($"{method} {path} was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }

    private static Samples Of(RoundResults waking, string name, Rest rest) => waking[NameOf(name, rest), "ms"];

    internal static string NameOf(string actor, Rest rest) => $"{actor} {rest switch { Rest.Paused => "paused", Rest.WarmCache => "suspended, node cache", _ => "suspended, store" }}";

    private static IEnumerable<BenchRow> PackRows(RoundResults packing, string name) =>
    [
        Row(name, "stored_ratio", "ratio", packing[name, "stored_ratio"].Median),
        Row(name, "encode_mb_s", "MB/s", packing[name, "encode_mb_s"].Median),
        Row(name, "decode_mb_s", "MB/s", packing[name, "decode_mb_s"].Median),
        Row(name, "copy_mb_s", "MB/s", packing["copy and hash", "mb_s"].Median),
    ];

    private static IEnumerable<BenchRow> WakeRows(RoundResults waking, string name) =>
    [
        Row(name, "paused_ms_p50", "ms", Of(waking, name, Rest.Paused).Median),
        Row(name, "cached_ratio_to_paused", "ratio", Of(waking, name, Rest.WarmCache).Over(Of(waking, name, Rest.Paused)).Median),
        Row(name, "store_ratio_to_paused", "ratio", Of(waking, name, Rest.Cold).Over(Of(waking, name, Rest.Paused)).Median),
    ];

    private static BenchRow Row(string name, string metric, string unit, double value) => new("snapshot", name, metric, unit, Math.Round(value, 4));
}

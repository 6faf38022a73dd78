using System.ComponentModel.DataAnnotations;

namespace Substrate.NodeAgent;

/// <summary>Section <c>Node</c>: what one node is and what it may use.</summary>
internal sealed class NodeOptions
{
    public const string Section = "Node";

    /// <summary>Name of the node, unique in the installation: a DNS-1123 label. Default: the host name's first label.</summary>
    [Required]
    public string Id { get; set; } = Environment.MachineName.Split('.')[0].ToLowerInvariant();

    /// <summary>Where the gRPC service listens (HTTP/2 without TLS). Default <c>http://127.0.0.1:8010</c>.</summary>
    [Required]
    public string Listen { get; set; } = "http://127.0.0.1:8010";

    /// <summary>Base address by which other processes reach the gRPC service; default: <see cref="Listen"/>.</summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// IPv4 address by which proxies on other machines reach actors; each activation's port is mapped on it. Empty: proxies on this
    /// machine reach actors at the slots' own addresses.
    /// </summary>
    public string Advertise { get; set; } = "";

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served; empty turns them off.</summary>
    public string OpsListen { get; set; } = "http://127.0.0.1:8011";

    /// <summary>Directory for images, local snapshots and logs. Outlives reboots.</summary>
    [Required]
    public string DataDirectory { get; set; } = "/var/lib/substrate/node";

    /// <summary>Directory for sockets and the state of live sandboxes; default <c>/run/substrate/ID</c>. Kept short: socket paths are limited to 107 bytes.</summary>
    public string RunDirectory { get; set; } = "";

    /// <summary>Directory of the snapshot store, shared by all nodes of the installation.</summary>
    [Required]
    public string StoreDirectory { get; set; } = "/var/lib/substrate/store";

    /// <summary>The gVisor runtime: a path, or a name looked up on PATH.</summary>
    [Required]
    public string Runsc { get; set; } = Environment.GetEnvironmentVariable("SUBSTRATE_RUNSC") ?? "runsc";

    /// <summary>Simulate sandboxes inside the agent instead of running them, as section <c>Simulation</c> says: for measuring and testing what is around them.</summary>
    public bool Simulated { get; set; }

    /// <summary>Actors that may be live at once. Default 8.</summary>
    [Range(1, 1000)]
    public int Slots { get; set; } = 8;

    /// <summary>Bytes of memory that live actors may hold together. Default -1: four fifths of what the agent may use of the machine; 0: not counted.</summary>
    [Range(-1, long.MaxValue)]
    public long MemoryBytes { get; set; } = -1;

    /// <summary>CPU that live actors may request together, in thousandths of a core. Default -1: all cores; 0: not counted.</summary>
    [Range(-1, int.MaxValue)]
    public int CpuMillis { get; set; } = -1;

    /// <summary>Pre-created sandboxes kept ready beside the live ones. Default -1: half as many as slots, at least 2 and at most 8.</summary>
    [Range(-1, 64)]
    public int Warm { get; set; } = -1;

    /// <summary>Start the restore of pre-created sandboxes ahead of time: a process more in memory for each, and less to wait for. Default true.</summary>
    public bool Armed { get; set; } = true;

    /// <summary>
    /// Slots that the node keeps free, as long as there is an actor that has been quiet for a second: whoever comes next then need not wait
    /// until another one is put away. Default -1: an eighth of the slots, none below 8.
    /// </summary>
    [Range(-1, 1000)]
    public int Headroom { get; set; } = -1;

    /// <summary>Pool the node belongs to.</summary>
    public string Pool { get; set; } = "default";

    /// <summary>Labels that selectors of templates and actors match.</summary>
    public Dictionary<string, string> Labels { get; } = [];

    /// <summary>IPv4 network the slots' addresses are taken from, at least a /24; <c>auto</c> picks a free /22 of 198.18.0.0/15.</summary>
    [Required]
    public string Network { get; set; } = "auto";

    /// <summary>First port of the range that activations draw from, each port once in many minutes.</summary>
    [Range(1024, 60000)]
    public int FirstPort { get; set; } = 12000;

    /// <summary>Number of ports in the range.</summary>
    [Range(1000, 50000)]
    public int Ports { get; set; } = 20000;

    /// <summary>How long the lease on the node's name holds without renewal. A node that cannot renew freezes its actors before it runs out.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Restores that may run at once; 0 for as many as there are cores.</summary>
    [Range(0, 256)]
    public int ParallelRestores { get; set; }

    /// <summary>How long a restored actor may take until it answers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RestoreReadyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one command of the sandbox runtime may take before it is killed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RuntimeTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long an idle eviction waits for connections to close before it gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an explicit suspension waits for requests in flight, at most; the caller's deadline may be shorter.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Credentials for registries: a file in the form of Docker's <c>config.json</c>, with logins and <c>credHelpers</c>. Empty: the places where
    /// skopeo looks by itself (<c>REGISTRY_AUTH_FILE</c>, <c>~/.docker/config.json</c> of the agent's user, …).
    /// </summary>
    public string RegistryAuthFile { get; set; } = "";

    /// <summary>Mirrors, blocked registries and the like, in the form of <c>registries.conf</c>, version 2. Empty: <c>/etc/containers/registries.conf</c>.</summary>
    public string RegistriesFile { get; set; } = "";

    /// <summary>Longest time that pulling one image may take. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "06:00:00")]
    public TimeSpan PullLimit { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Most bytes that one image may have when it is unpacked. Default 16 GiB.</summary>
    [Range(1L << 20, 1L << 44)]
    public long ImageBytes { get; set; } = 16L << 30;

    /// <summary>Time between two looks for images that nothing refers to any more. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ImageSweep { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a node that is told to stop may take to suspend its actors and to store their snapshots.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>For fault tests: file that names the step at which the agent ends itself. Empty: nowhere.</summary>
    public string FaultFile { get; set; } = "";

    public string EffectiveRunDirectory => RunDirectory.Length > 0 ? RunDirectory : $"/run/substrate/{Id}";

    public string EffectiveAddress => Address.Length > 0 ? Address : Listen;

    public long EffectiveMemoryBytes => MemoryBytes >= 0 ? MemoryBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;

    public int EffectiveCpuMillis => CpuMillis >= 0 ? CpuMillis : Environment.ProcessorCount * 1000;

    public int EffectiveWarm => Warm >= 0 ? Warm : Math.Clamp(Slots / 2, 2, 8);

    public int EffectiveHeadroom => Headroom >= 0 ? Headroom : Slots / 8;

    public int EffectiveRestores => ParallelRestores > 0 ? ParallelRestores : Math.Max(2, Environment.ProcessorCount);
}

namespace Substrate.State.UnitTests.Templates;

/// <summary>Every rule of a manifest, each with the one line that breaks it and the message that names line, field, value and rule.</summary>
public sealed class ManifestRulesTests
{
    [Theory]
    [InlineData("a: [1", "f.yaml:", "is not valid YAML")]
    [InlineData("a: 1\na: 2\n", "f.yaml:", "is not valid YAML: Duplicate key")]
    [InlineData("apiVersion: x\n\tkind: y\n", "f.yaml:2:", "is not valid YAML")]
    [InlineData("[]", "f.yaml:1:", "a document must be a mapping")]
    [InlineData("hello", "f.yaml:1:", "a document must be a mapping")]
    public void Read_NotAManifest_SaysWhere(string text, string start, string part)
    {
        var problem = ManifestReaderTests.Problem(text);

        Assert.StartsWith(start, problem, StringComparison.Ordinal);
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: ActorTemplate\nmetadata: {name: x}\n", "f.yaml:1: apiVersion: is required")]
    [InlineData("apiVersion: ate.dev/v1\nkind: ActorTemplate\n", "f.yaml:1: apiVersion: ate.dev/v1 must be ate.dev/v1alpha1")]
    [InlineData("apiVersion: ate.dev/v1alpha1\n", "f.yaml:1: kind: is required")]
    [InlineData("apiVersion: ate.dev/v1alpha1\nkind: SandboxConfig\n", "f.yaml:2: kind: SandboxConfig must be ActorTemplate")]
    [InlineData("apiVersion: ate.dev/v1alpha1\nkind: ActorTemplate\nmetadata: {name: x}\n", "f.yaml:1: spec: is required")]
    [InlineData("apiVersion: ate.dev/v1alpha1\nkind: ActorTemplate\nmetadata: {name: x}\nspec: 5\n", "f.yaml:4: spec: must be a mapping")]
    public void Read_BadTop_SaysWhichField(string text, string expected) => Assert.Equal(expected, ManifestReaderTests.Problem(text));

    [Theory]
    [InlineData("name: x", "name: X_y", "f.yaml:4: metadata.name: X_y must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'")]
    [InlineData("name: x", "name: 12", "f.yaml:4: metadata.name: 12 must be a string: put it in quotes")]
    [InlineData("name: x", "namespace: a", "f.yaml:4: metadata.name: is required")]
    [InlineData("name: x", "name: x\n  nmaespace: a", "f.yaml:5: metadata.nmaespace: is not a known field; did you mean namespace?")]
    [InlineData("name: x", "name: x\n  namespace: a/b", "f.yaml:5: metadata.namespace: a/b must start and end")]
    [InlineData("name: c", "name: pause", "f.yaml:7: spec.containers[0].name: pause is reserved")]
    [InlineData("name: c", "name: C", "f.yaml:7: spec.containers[0].name: C must start and end")]
    [InlineData("name: c\n      ", "", "f.yaml:7: spec.containers[0].name: is required")]
    [InlineData("image: oci:/i", "imaeg: oci:/i", "f.yaml:7: spec.containers[0].image: is required|f.yaml:8: spec.containers[0].imaeg: is not a known field; did you mean image?")]
    [InlineData("oci:/i", "nginx@sha256:0123", "f.yaml:8: spec.containers[0].image: nginx@sha256:0123 must have one of the forms [docker://][HOST[:PORT]/]REPOSITORY[:TAG][@sha256:DIGEST], an image in a registry; oci:DIRECTORY[:TAG][@sha256:DIGEST], an OCI image layout on the nodes' disk; oci-archive:FILE")]
    [InlineData("oci:/i", "Upper/case", "f.yaml:8: spec.containers[0].image: Upper/case must have one of the forms")]
    [InlineData("oci:/i", "./image", "f.yaml:8: spec.containers[0].image: ./image must have one of the forms")]
    [InlineData("oci:/i", "oci:/i@sha256:123", "f.yaml:8: spec.containers[0].image: oci:/i@sha256:123 must have the form")]
    [InlineData("oci:/i", "'oci:'", "f.yaml:8: spec.containers[0].image: oci: must have the form")]
    public void Read_BadNameOrImage_SaysSo(string from, string to, string expected) =>
        AssertProblems(ManifestReaderTests.Box.Replace(from, to, StringComparison.Ordinal), expected);

    [Theory]
    [InlineData("args: [x]", "spec.containers[0].args: is not a known field")]
    [InlineData("command: /bin/sh", "spec.containers[0].command: must be a list")]
    [InlineData("command: [a, 1]", "spec.containers[0].command[1]: 1 must be a string: put it in quotes")]
    [InlineData("command: [a, [b]]", "spec.containers[0].command[1]: must be a string")]
    [InlineData("command: [\"a\\0b\"]", "spec.containers[0].command[0]: \"a\\u0000b\" must not hold a NUL character")]
    [InlineData("env: [{value: a}]", "spec.containers[0].env[0].name: is required")]
    [InlineData("env: [{name: A}]", "spec.containers[0].env[0].value: is required")]
    [InlineData("env: [{name: A=B, value: a}]", "spec.containers[0].env[0].name: \"A=B\" must be printable ASCII without '='")]
    [InlineData("env: [{name: A, value: 1}]", "spec.containers[0].env[0].value: 1 must be a string: put it in quotes")]
    [InlineData("env: [{name: A, value: a}, {name: A, value: b}]", "spec.containers[0].env[1].name: A is there twice")]
    [InlineData("env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]", "spec.containers[0].env[0].valueFrom: is not supported by this version")]
    [InlineData("env: [A]", "spec.containers[0].env[0]: must be a mapping with name and value")]
    [InlineData("volumeMounts: [{name: v, mountPath: /v}]", "spec.containers[0].volumeMounts: is not supported by this version")]
    [InlineData("readyz: {}", "spec.containers[0].readyz.httpGet: is required")]
    [InlineData("readyz: {httpGet: {}}", "spec.containers[0].readyz.httpGet.port: is required")]
    [InlineData("readyz: {httpGet: {port: 99999}}", "spec.containers[0].readyz.httpGet.port: 99999 must be between 1 and 65535")]
    [InlineData("readyz: {httpGet: {port: 0}}", "spec.containers[0].readyz.httpGet.port: 0 must be between 1 and 65535")]
    [InlineData("readyz: {httpGet: {port: '80'}}", "spec.containers[0].readyz.httpGet.port: 80 must be an integer")]
    [InlineData("readyz: {httpGet: {port: 8.5}}", "spec.containers[0].readyz.httpGet.port: 8.5 must be an integer")]
    [InlineData("readyz: {httpGet: {port: 80, path: up}}", "spec.containers[0].readyz.httpGet.path: up must be a path of at most 1024 characters that starts with '/'")]
    [InlineData("readyz: {httpGet: {port: 80, path: '/a?b'}}", "spec.containers[0].readyz.httpGet.path: \"/a?b\" must be a path")]
    [InlineData("readyz: {httpGet: {port: 80, path: /a%2}}", "spec.containers[0].readyz.httpGet.path: /a%2 must be a path")]
    [InlineData("readyz: {timeout: 5, httpGet: {port: 80}}", "spec.containers[0].readyz.timeout: 5 must be a duration such as 500ms, 30s, 10m or 2h, more than 0 and at most 4m")]
    [InlineData("readyz: {timeout: never, httpGet: {port: 80}}", "spec.containers[0].readyz.timeout: never must be a duration")]
    [InlineData("readyz: {timeout: 5m, httpGet: {port: 80}}", "spec.containers[0].readyz.timeout: 5m must be a duration")]
    [InlineData("ports: [8081]", "spec.containers[0].ports[0]: must be a mapping with containerPort")]
    [InlineData("ports: [{name: x}]", "spec.containers[0].ports[0].containerPort: is required")]
    [InlineData("ports: [{containerPort: 0}]", "spec.containers[0].ports[0].containerPort: 0 must be between 1 and 65535")]
    [InlineData("ports: [{containerPort: 81}, {containerPort: 81}]", "spec.containers[0].ports[1].containerPort: 81 is there twice")]
    [InlineData("ports: [{containerPort: 81, protocol: UDP}]", "spec.containers[0].ports[0].protocol: UDP must be TCP")]
    [InlineData("protocol: h3", "spec.containers[0].protocol: h3 must be http1 or h2c")]
    [InlineData("resources: {memory: lots}", "spec.containers[0].resources.memory: lots must be a quantity of bytes such as 512Mi or 1Gi, between 16Mi and 16Ti")]
    [InlineData("resources: {memory: 512}", "spec.containers[0].resources.memory: 512 must be a quantity of bytes")]
    [InlineData("resources: {memory: 999999999999999999E}", "spec.containers[0].resources.memory: 999999999999999999E must be a quantity of bytes")]
    [InlineData("resources: {cpu: -1}", "spec.containers[0].resources.cpu: -1 must be a quantity of cores")]
    [InlineData("resources: {cpu: 0}", "spec.containers[0].resources.cpu: 0 must be a quantity of cores")]
    [InlineData("resources: {pids: 1}", "spec.containers[0].resources.pids: 1 must be between 32 and 4194304")]
    [InlineData("resources: {requests: {memory: 1Gi}}", "spec.containers[0].resources.requests.memory: 1Gi must not be more than resources.memory, 512Mi")]
    [InlineData("resources: {cpu: 200m, requests: {cpu: 1}}", "spec.containers[0].resources.requests.cpu: 1000m must not be more than resources.cpu, 200m")]
    [InlineData("resources: {requests: {pids: 100}}", "spec.containers[0].resources.requests.pids: is not a known field")]
    [InlineData("resources: {limits: {cpu: 1}}", "spec.containers[0].resources.limits: is not a known field")]
    public void Read_BadContainerField_SaysSo(string line, string expected) =>
        AssertProblems($"{ManifestReaderTests.Box}      {line}\n", $"f.yaml:9: {expected}");

    [Theory]
    [InlineData("timeouts: {request: fast}", "spec.timeouts.request: fast must be a duration such as 500ms, 30s, 10m or 2h, or 0 or never")]
    [InlineData("timeouts: {total: 1s}", "spec.timeouts.total: is not a known field")]
    [InlineData("sandboxClass: microvm", "spec.sandboxClass: microvm is not supported by this version, only gvisor is")]
    [InlineData("sandboxClass: kata", "spec.sandboxClass: kata must be gvisor")]
    [InlineData("volumes: [{name: v, durableDir: {}}]", "spec.volumes: is not supported by this version")]
    [InlineData("snapshotsConfig: {}", "spec.snapshotsConfig.location: is required")]
    [InlineData("snapshotsConfig: {location: ''}", "spec.snapshotsConfig.location: must not be empty")]
    [InlineData("snapshotsConfig: {location: a, onPause: Data}", "spec.snapshotsConfig.onPause: Data is not supported by this version, only Full is")]
    [InlineData("snapshotsConfig: {location: a, onCommit: Data}", "spec.snapshotsConfig.onCommit: Data is not supported by this version, only Full is")]
    [InlineData("snapshotsConfig: {location: a, onCommit: Half}", "spec.snapshotsConfig.onCommit: Half must be Full")]
    [InlineData("idle: {pauseAfter: 30}", "spec.idle.pauseAfter: 30 must be a duration such as 500ms, 30s, 10m or 2h, or 0 or never")]
    [InlineData("idle: {suspendAfter: 9999999h}", "spec.idle.suspendAfter: 9999999h must be a duration")]
    [InlineData("idle: {freezeAfter: soon}", "spec.idle.freezeAfter: soon must be a duration such as 500ms, 30s, 10m or 2h, or 0 or never")]
    [InlineData("idle: {openStreams: never}", "spec.idle.openStreams: never must be a duration such as 500ms, 30s, 10m or 2h, the time for which an open but silent connection counts as work, or busy or idle")]
    [InlineData("idle: {pausAfter: 30s}", "spec.idle.pausAfter: is not a known field; did you mean pauseAfter?")]
    [InlineData("workerSelector: {matchExpressions: [{key: a, operator: Exists}]}", "spec.workerSelector.matchExpressions: is not supported by this version")]
    [InlineData("workerSelector: {matchLabels: {'-a': b}}", "spec.workerSelector.matchLabels: key -a: name part must consist of")]
    [InlineData("workerSelector: {matchLabels: {a: 'b c'}}", "spec.workerSelector.matchLabels.a: \"b c\": a valid label must be")]
    [InlineData("workerSelector: {matchLabels: {a: true}}", "spec.workerSelector.matchLabels.a: true must be a string: put it in quotes")]
    [InlineData("replicas: 3", "spec.replicas: is not a known field")]
    [InlineData("{a: b}: 3", "spec: a field's name must be a string")]
    public void Read_BadSpecField_SaysSo(string line, string expected) =>
        AssertProblems($"{ManifestReaderTests.Box}  {line}\n", $"f.yaml:9: {expected}");

    [Theory]
    [InlineData("", "f.yaml:4: spec: is required")]
    [InlineData("  containers: []\n", "f.yaml:6: spec.containers: has 0 containers; this version runs exactly one")]
    [InlineData("  containers: [{name: a}, {name: b}]\n", "f.yaml:6: spec.containers: has 2 containers; this version runs exactly one")]
    [InlineData("  containers: [a]\n", "f.yaml:6: spec.containers: must hold a mapping")]
    [InlineData("  idle: {}\n", "f.yaml:6: spec.containers: is required: exactly one container")]
    public void Read_NotExactlyOneContainer_SaysSo(string rest, string expected)
    {
        var problem = ManifestReaderTests.Problem(ManifestReaderTests.Head + rest);

        Assert.Equal(expected[expected.IndexOf(": ", StringComparison.Ordinal)..], problem[problem.IndexOf(": ", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Read_TooManyItems_SaysHowMany()
    {
        var many = string.Join(',', Enumerable.Repeat("a", 65));

        AssertProblems($"{ManifestReaderTests.Box}      command: [{many}]\n", "f.yaml:9: spec.containers[0].command: has 65 items; at most 64 are allowed");
    }

    [Fact]
    public void Read_SecretInEnv_IsNeverInAProblem() =>
        AssertProblems($"{ManifestReaderTests.Box}      env: [{{name: A, value: \"hush\\0\"}}]\n", "f.yaml:9: spec.containers[0].env[0].value: \"the value\" must not hold a NUL character");

    [Fact]
    public void Read_RelativeImageWithoutBase_SaysSo()
    {
        var read = State.Templates.ManifestReader.Read(ManifestReaderTests.Box.Replace("oci:/i", "oci:i", StringComparison.Ordinal), "", "");

        Assert.StartsWith("manifest:8: spec.containers[0].image: oci:i must name an absolute path", Assert.Single(read.Problems).ToString(), StringComparison.Ordinal);
    }

    private static void AssertProblems(string text, string expected)
    {
        var problems = State.Templates.ManifestReader.Read(text, "f.yaml", "/base").Problems.Select(static p => p.ToString()).ToList();
        var wanted = expected.Split('|');
        Assert.Equal(wanted.Length, problems.Count);
        Assert.All(wanted.Zip(problems), static pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }
}

using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Substrate.Perf.Micro;

/// <summary>Counts what one operation of a benchmark allocates, on all threads. A count is the same on every machine, so a test can hold it.</summary>
public static class Allocations
{
    private const int WarmUp = 100;
    private const int Attempts = 4;

    // Enough that what else happens is little beside them; fewer where an operation takes long.
    private const int FewestOperations = 50;
    private const int MostOperations = 2_000;
    private static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(200);

    /// <summary>Every benchmark of this assembly, as <c>Class.Method</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Methods().Select(static method => $"{method.DeclaringType!.Name}.{method.Name}").Order(StringComparer.Ordinal),
    ];

    /// <summary>Bytes per operation; the least of a few attempts, since whatever else the process does can only add.</summary>
    public static async Task<double> MeasureAsync(string name)
    {
        var method = Methods().Single(m => $"{m.DeclaringType!.Name}.{m.Name}" == name);
        var benchmark = Activator.CreateInstance(method.DeclaringType!)!;
        try
        {
            await RunMarkedAsync<GlobalSetupAttribute>(benchmark);
            var operation = Operation(benchmark, method);
            var started = Stopwatch.GetTimestamp();
            await RepeatAsync(operation, WarmUp);
            var operations = (int)Math.Clamp(WarmUp * (Attempt / Stopwatch.GetElapsedTime(started)), FewestOperations, MostOperations);
            var least = double.MaxValue;
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                await RepeatAsync(operation, operations);
                least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)operations);
            }

            return least;
        }
        finally
        {
            await RunMarkedAsync<GlobalCleanupAttribute>(benchmark);
        }
    }

    private static IEnumerable<MethodInfo> Methods() => typeof(Allocations).Assembly.GetExportedTypes()
        .SelectMany(static type => type.GetMethods())
        .Where(static method => method.GetCustomAttribute<BenchmarkAttribute>() is not null);

    // A delegate of the method's own type: calling by reflection would allocate.
    private static Func<ValueTask> Operation(object benchmark, MethodInfo method)
    {
        if (method.ReturnType.IsAssignableTo(typeof(Task)))
        {
            var run = method.CreateDelegate<Func<Task>>(benchmark);
            return () => new ValueTask(run());
        }

        if (method.ReturnType == typeof(int))
        {
            var run = method.CreateDelegate<Func<int>>(benchmark);
            return () => { run(); return ValueTask.CompletedTask; };
        }

        var other = method.CreateDelegate<Func<object?>>(benchmark);
        return () => { other(); return ValueTask.CompletedTask; };
    }

    private static async Task RepeatAsync(Func<ValueTask> operation, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await operation();
        }
    }

    private static async Task RunMarkedAsync<TAttribute>(object benchmark)
        where TAttribute : Attribute
    {
        foreach (var method in benchmark.GetType().GetMethods().Where(static m => m.GetCustomAttribute<TAttribute>() is not null))
        {
            switch (method.Invoke(benchmark, null))
            {
                case Task task: await task; break;
                case ValueTask task: await task; break;
            }
        }
    }
}

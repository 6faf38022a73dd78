using NBomber.CSharp;
using Substrate.Perf.Load;

if (args is not [var file, .. var others])
{
    await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project perf/nbomber -- PLAN.json [NBOMBER OPTION...]");
    return 2;
}

var plan = LoadPlan.Parse(await File.ReadAllTextAsync(file));
using var caller = new ActorCaller(plan);
using var order = Schedule.Of(plan).GetEnumerator();
var turn = new Lock();

var scenario = Scenario
    .Create("actors", async _ =>
    {
        int actor;
        lock (turn)
        {
            // NBomber decides when; which actor comes next is the plan's.
            actor = order.MoveNext() ? order.Current.Actor : 0;
        }

        using var limit = new CancellationTokenSource(plan.Timeout);
        var result = await caller.CallAsync(actor, limit.Token);
        return result.Outcome == CallOutcome.Right
            ? Response.Ok(statusCode: nameof(CallOutcome.Right))
            : Response.Fail(statusCode: result.Outcome.ToString(), message: result.Problem);
    })
    .WithoutWarmUp()
    .WithLoadSimulations(Simulation.Inject(
        rate: Math.Max(1, (int)Math.Round(plan.Rate)), interval: TimeSpan.FromSeconds(1), during: plan.Duration));

NBomberRunner.RegisterScenarios(scenario).Run(others);
return 0;

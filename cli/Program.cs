using Substrate.Cli.Verbs;

return await CommandTree.RunAsync(args, Console.Out, Console.Error);

using EdgeAgent.Cli;

// The second file to open is Agent.cs: every room and pipe in the order the data flows. The commands are in Cli/CommandLine.cs.
return await CommandLine.RunAsync(args);

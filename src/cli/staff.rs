use std::io::{self, BufRead};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::data::AnswerArgs;
use super::data_client::{ask, change};
use super::parse;
use super::say::{self, Usage};
use crate::access::Role;
use crate::control::{
    AddStaff, AddedPerson, DisableStaff, ListStaff, Person, Secret, SetPassword, SetRole,
};
use crate::password::{advice_on_pin, refusal_of_password, refusal_of_pin};

/// The longest line that is read as a password or PIN.
const LONGEST_LINE_BYTES: u64 = 4_096;

#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Add somebody who may sign in; a name that is already there gets the new password and role
    Add(AddArgs),
    /// List everybody who may sign in
    List(AnswerArgs),
    /// Stop somebody from signing in; their open screens end at once
    Disable(DisableArgs),
    /// Give somebody another role; their open screens come back with it
    Role(RoleArgs),
    /// Give somebody a new password; they have to sign in again everywhere
    Password(PasswordArgs),
}

#[derive(Args, Debug)]
pub(super) struct DisableArgs {
    /// The name they sign in with
    name: String,
    #[command(flatten)]
    answer: AnswerArgs,
}

#[derive(Args, Debug)]
pub(super) struct RoleArgs {
    /// The name they sign in with
    name: String,
    /// What they may do from now on
    #[arg(value_parser = parse::role())]
    role: Role,
    #[command(flatten)]
    answer: AnswerArgs,
}

#[derive(Args, Debug)]
pub(super) struct PasswordArgs {
    /// The name they sign in with
    name: String,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    answer: AnswerArgs,
}

/// Asks for the password and PIN on the terminal, unless they come on standard input.
#[derive(Args, Debug)]
pub(super) struct AddArgs {
    /// The name they sign in with, as in "Kim Meyer"
    name: String,
    /// What they may do
    #[arg(long, value_parser = parse::role())]
    role: Role,
    /// What the record shows, 1 to 4 characters; otherwise derived from the name
    #[arg(long)]
    initials: Option<String>,
    /// Read the password, at least 10 characters, from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Read the PIN, 4 to 6 digits, from the next line of standard input
    #[arg(long)]
    pin_stdin: bool,
    #[command(flatten)]
    answer: AnswerArgs,
}

pub(super) async fn run(command: StaffCommand) -> anyhow::Result<ExitCode> {
    match command {
        StaffCommand::Add(args) => add(args).await,
        StaffCommand::List(args) => list(args).await,
        StaffCommand::Disable(DisableArgs { name, answer }) => {
            let person = change(&answer.load()?, DisableStaff { name }).await?;
            say_of(&person, answer.json, |name| format!("{name} may no longer sign in."))
        }
        StaffCommand::Role(RoleArgs { name, role, answer }) => {
            let person = change(&answer.load()?, SetRole { name, role }).await?;
            say_of(&person, answer.json, |name| format!("{name} is {role} now."))
        }
        StaffCommand::Password(PasswordArgs { name, password_stdin, answer }) => {
            let password = if password_stdin {
                line(&mut io::stdin().lock(), "the password")?
            } else {
                ask_password(&name)?
            };
            let person = change(&answer.load()?, SetPassword { name, password }).await?;
            say_of(&person, answer.json, |name| {
                format!("{name} has a new password and must sign in again.")
            })
        }
    }
}

fn say_of(
    person: &Person,
    json: bool,
    sentence: impl Fn(&str) -> String,
) -> anyhow::Result<ExitCode> {
    let answer = if json { serde_json::to_string(person)? } else { sentence(&person.name) };
    say::answer(format_args!("{answer}\n"))?;
    Ok(ExitCode::SUCCESS)
}

async fn add(args: AddArgs) -> anyhow::Result<ExitCode> {
    let (password, pin) = secrets(&args)?;
    let AddArgs { name, initials, role, answer, .. } = args;
    let request = AddStaff { name, initials, role, password, pin };
    let AddedPerson { person, existed } = change(&answer.load()?, request).await?;
    if existed {
        say::note(format_args!(
            "{} already existed: the role and the password are changed, and they must sign in again.",
            person.name
        ));
    }
    let initials = &person.initials;
    say_of(&person, answer.json, |name| format!("{name} ({initials}) may sign in as {role}."))
}

/// Password and PIN, each from standard input or from the terminal, as the arguments say.
fn secrets(args: &AddArgs) -> anyhow::Result<(Secret, Option<Secret>)> {
    let mut lines = io::stdin().lock();
    let password = if args.password_stdin {
        line(&mut lines, "the password")?
    } else {
        ask_password(&args.name)?
    };
    let pin = if args.pin_stdin {
        let pin = line(&mut lines, "the PIN")?;
        // A program cannot be asked to repeat it.
        if let Some(advice) = advice_on_pin(&pin.0) {
            say::note(format_args!("{advice}."));
        }
        Some(pin)
    } else if args.password_stdin || !args.role.is_staff() {
        None
    } else {
        ask_pin()?
    };
    Ok((password, pin))
}

fn line(lines: &mut impl BufRead, what: &str) -> anyhow::Result<Secret> {
    let mut line = String::new();
    if io::Read::take(lines, LONGEST_LINE_BYTES + 1).read_line(&mut line)? == 0 {
        return Err(Usage(format!("{what} is missing on standard input: give one line")).into());
    }
    if line.len() as u64 > LONGEST_LINE_BYTES {
        let why = format!("{what} is longer than {LONGEST_LINE_BYTES} bytes: give one line");
        return Err(Usage(why).into());
    }
    let line = line.trim_end_matches(['\r', '\n']);
    Ok(Secret(line.to_owned()))
}

fn ask_password(name: &str) -> anyhow::Result<Secret> {
    loop {
        let password = ask_secret(&format!("Password for {name}: "))?;
        if let Some(why) = refusal_of_password(&password.0, name.trim()) {
            say::note(format_args!("Not taken: {why}."));
        } else if ask_secret("The password again: ")? == password {
            return Ok(password);
        } else {
            say::note("The two passwords differ. Once more:");
        }
    }
}

fn ask_pin() -> anyhow::Result<Option<Secret>> {
    loop {
        let pin = ask_secret("PIN for a shared station, 4 to 6 digits (empty for none): ")?;
        if pin.0.is_empty() {
            return Ok(None);
        }
        let advice = || advice_on_pin(&pin.0).map(str::to_owned);
        match refusal_of_pin(&pin.0).or_else(advice) {
            Some(why) => say::note(format_args!("Not taken: {why}.")),
            None => return Ok(Some(pin)),
        }
    }
}

fn ask_secret(prompt: &str) -> anyhow::Result<Secret> {
    let answer = rpassword::prompt_password(prompt).map_err(|error| {
        Usage(format!("there is no terminal to ask on ({error}): give it with --password-stdin"))
    })?;
    Ok(Secret(answer))
}

async fn list(args: AnswerArgs) -> anyhow::Result<ExitCode> {
    let staff = ask(&args.load()?, ListStaff {}).await?;
    if args.json {
        say::answer(format_args!("{}\n", serde_json::json!({ "staff": staff })))?;
    } else if staff.is_empty() {
        say::note("Nobody may sign in yet: `dripwatch staff add NAME --role nurse` adds somebody.");
    } else {
        let row = |Person { name, initials, role, pin, active }: Person| {
            let pin = if pin { "yes" } else { "no" };
            let active = if active { "yes" } else { "no" };
            [name, initials, role, pin.to_owned(), active.to_owned()]
        };
        let rows: Vec<_> = staff.into_iter().map(row).collect();
        say::answer(say::table(["NAME", "INITIALS", "ROLE", "PIN", "MAY SIGN IN"], &rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_and_pin_are_on_lines_of_their_own() {
        let mut input: &[u8] = b"correct horse \r\n4711\n";
        assert_eq!(line(&mut input, "the password").unwrap().0, "correct horse ");
        assert_eq!(line(&mut input, "the PIN").unwrap().0, "4711");
        let error = line(&mut input, "the PIN").unwrap_err();
        assert_eq!(error.to_string(), "the PIN is missing on standard input: give one line");
    }

    #[test]
    fn a_line_that_is_too_long_is_no_password() {
        let read = |bytes: u64| {
            let text = "x".repeat(bytes as usize - 1) + "\n";
            line(&mut text.as_bytes(), "the password")
        };
        assert_eq!(read(LONGEST_LINE_BYTES).unwrap().0.len() as u64, LONGEST_LINE_BYTES - 1);
        let error = read(LONGEST_LINE_BYTES + 1).unwrap_err();
        assert_eq!(error.to_string(), "the password is longer than 4096 bytes: give one line");
    }
}

import { outcomeAsked } from '../alerts/actions';
import { second } from '../clock';
import { pretty } from '../format';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { courseOf } from './course';
import { inOrder, timeOf } from './tasks';
import type { Session, Task } from '../stream/shapes';
import { TaskIcon } from './TaskIcon';

/** Texts up to this length are never cut off where the list has only one line. */
const SHORT = 24;

/** What is due in this room. Calm: a task is no alert and makes no tone. */
export function ToDo({ session }: { session: Session }) {
  // A hold is said once, and large, where there is a page for it.
  const isOnPage = courseOf(session) === 'before';
  const tasks = session.tasks.filter(({ kind }) => !(isOnPage && kind === 'hold'));
  if (tasks.length === 0) return null;
  return (
    <section class="todo" aria-labelledby="todo">
      <h2 id="todo">{later.toDo}</h2>
      <ul>
        {inOrder(tasks, second.value).map((task) => (
          <li
            key={`${task.kind} ${task.alert}`}
            data-task={task.kind}
            data-short={task.text.length <= SHORT || undefined}
          >
            {task.kind === 'outcome_missing' && task.alert !== null ? (
              <button type="button" class="task" onClick={() => (outcomeAsked.value = task.alert)}>
                <Words task={task} />
              </button>
            ) : (
              <span class="task">
                <Words task={task} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Words({ task }: { task: Task }) {
  return (
    <>
      <TaskIcon kind={task.kind} />
      <span>{pretty(task.text)}</span>
      {/* What may have been done since is not known while the server is lost. */}
      {link.value !== 'lost' && (
        <span class={task.due === null ? 'quiet task-since' : 'quiet'}>
          {timeOf(task, second.value)}
        </span>
      )}
    </>
  );
}
